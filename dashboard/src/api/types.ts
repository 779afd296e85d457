import type { components } from "./schema";

/** The API's shapes, by their names in `contract/openapi.json`. */
export type Schemas = components["schemas"];
