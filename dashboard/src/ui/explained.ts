import { createContext } from "react";

/** Inside a tooltip: a control that is disabled still takes the focus, so that its reason can be read. */
export const Explained = createContext(false);
