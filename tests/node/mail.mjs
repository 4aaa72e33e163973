// A message (RFC 5322) on standard input → what postal-mime reads in it, as JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import PostalMime, { decodeWords } from "postal-mime";

const mail = await PostalMime.parse(readFileSync(0), { attachmentEncoding: "arraybuffer" });

/** Addresses in their order; those of a group as if they stood alone. */
const people = (found = []) =>
  found.flatMap(({ name, address, group }) => (group ? people(group) : [{ name, address: address ?? "" }]));

function attachment({ filename, mimeType, content }) {
  const bytes = Buffer.from(content);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { filename: filename ?? "", content_type: mimeType, size: bytes.length, sha256 };
}

console.log(
  JSON.stringify({
    headers: mail.headers.map(({ originalKey, value }) => [originalKey, decodeWords(value)]),
    sender: people(mail.from && [mail.from]),
    to: people(mail.to),
    cc: people(mail.cc),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    attachments: mail.attachments.map(attachment),
  }),
);
