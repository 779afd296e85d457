import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// There is no layout here, so nothing would ever come into sight.
Reflect.deleteProperty(globalThis, "IntersectionObserver");
