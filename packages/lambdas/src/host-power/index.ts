import { bindHandler } from "./bind.ts";

export const handler = bindHandler(process.env);
