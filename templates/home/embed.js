// Puts a charter, one promise of it, or a comment card on another website and fits the frame to its words.
//   <script src="https://…/embed.js" data-promise="next-step" data-language="en" async></script>
//   <script src="https://…/embed.js" data-card="harbour" data-title="Tell us" async></script>
// Without this script an ordinary <iframe> does as well. Sets no cookie, sends nothing anywhere.
(function () {
  "use strict";
  var NAME = "charterwell-height";

  var script = document.currentScript;
  if (!script) { return; }

  if (script.dataset.inside === "yes") {
    // our own page in the frame: say how high it is, now and whenever that changes
    if (window.parent === window) { return; }
    var tell = function () {
      window.parent.postMessage({ name: NAME, height: document.documentElement.offsetHeight }, "*");
    };
    window.addEventListener("load", tell);
    if (window.ResizeObserver) { new ResizeObserver(tell).observe(document.documentElement); }
    return;
  }

  var base = new URL(script.src);
  var path = script.dataset.card ? "c/" + encodeURIComponent(script.dataset.card) + "/embed/"
    : script.dataset.promise ? "embed/promises/" + encodeURIComponent(script.dataset.promise) + "/"
    : script.dataset.unit ? "embed/charters/" + encodeURIComponent(script.dataset.unit) + "/"
    : "embed/";
  var address = new URL(path, base);
  if (script.dataset.language) { address.searchParams.set("language", script.dataset.language); }

  var frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = script.dataset.title || "Customer charter";
  frame.loading = "lazy";
  frame.style.cssText = "width:100%;border:0;display:block";
  frame.height = "240";
  script.parentNode.insertBefore(frame, script.nextSibling);
  window.addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || event.origin !== base.origin) { return; }
    var told = event.data || {};
    if (told.name === NAME && told.height > 0 && told.height < 20000) { frame.height = String(Math.ceil(told.height)); }
  });
})();
