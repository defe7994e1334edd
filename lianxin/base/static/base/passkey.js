/* Passkeys: the server's options go to the browser, the browser's answer goes back in a plain form. */
"use strict";
(function () {
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function optionsOf(form) {
    const options = JSON.parse(form.dataset.options);
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) {
      for (const each of list || []) each.id = toBytes(each.id);
    }
    return { publicKey: options };
  }

  function asText(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.nextElementSibling.hidden = true;
    form.addEventListener("submit", function (event) {
      if (form.elements.answer.value) return;
      event.preventDefault();
      const failed = form.querySelector("[data-failed]");
      failed.hidden = true;
      navigator.credentials[form.dataset.passkey](optionsOf(form)).then(function (credential) {
        form.elements.answer.value = asText(credential);
        form.requestSubmit();
      }).catch(function () {
        failed.hidden = false;
      });
    });
  });
})();
