// Judges pages one by one: reads each as a line of JSON, and answers with a line of what html-validate finds.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import config from "../../.htmlvalidate.mjs";

const validator = new HtmlValidate(new StaticConfigLoader({ root: true, ...config }));
for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line), "page.html");
  console.log(JSON.stringify(report.results.flatMap(({ messages }) => messages)));
}
