// How the tests (tests/browser/markup.py) judge the site's HTML: all that is recommended, but for what has its reason here.
export default {
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": ["error", { style: "lowercase" }], // Django's and ours; the standard takes either
    "form-dup-name": ["error", { shared: ["radio", "button", "submit", "checkbox"] }], // one list, one name
    "void-style": "off", // <br> and <br/> are the same; Markdown's writer has the other one
    "long-title": "off", // a conference is called what its organisers call it
    "no-trailing-whitespace": "off", // what Django's templates leave where a tag stood; compressed it is nothing
  },
};
