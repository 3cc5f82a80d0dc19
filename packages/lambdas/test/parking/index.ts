import { bindHandler } from "../../src/validate-landing/bind.ts";
import { parking } from "./dataset.ts";

export const handler = bindHandler(parking, process.env);
