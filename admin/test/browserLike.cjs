// jsdom with what every browser has and jsdom leaves out.
const { TestEnvironment } = require("jest-environment-jsdom");

module.exports = class BrowserLike extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { TextEncoder, TextDecoder, structuredClone, Request, Response, Headers });
    this.global.scrollTo = () => undefined;
    this.global.Element.prototype.scrollIntoView = () => undefined;
    Object.assign(this.global.HTMLDialogElement.prototype, {
      showModal() {
        this.cameFrom = this.ownerDocument.activeElement;
        this.open = true;
        this.querySelector("button")?.focus();
      },
      close() {
        this.open = false;
        this.cameFrom?.focus();
      },
    });
    const { Blob, FileReader } = this.global;
    Blob.prototype.arrayBuffer = function () {
      return new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsArrayBuffer(this);
      });
    };
  }
};
