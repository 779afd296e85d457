export * from "./browser.js";
export { verifySync } from "./event/hmac.js";
