// Finds links in a text. What is no http or https link stays text, whatever it looks like.

import { element } from './dom.js';

// Ends at blanks, quotes, angle brackets, and at characters that one does not see or that turn the text around.
const CANDIDATE = /\bhttps?:\/\/[^\s<>"`\p{Cc}\p{Cf}]+/giu;
const CLOSING = { ')': '(', ']': '[', '}': '{' };

/** Without what belongs to the sentence: punctuation at the end, and a bracket that was opened before the link. */
function trimmed(candidate) {
  let link = candidate;
  for (;;) {
    const last = link.at(-1);
    const opening = CLOSING[last];
    const unbalanced = opening && link.split(opening).length < link.split(last).length;
    if (!unbalanced && !/[.,;:!?'*_~…]/u.test(last)) {
      return link;
    }
    link = link.slice(0, -1);
  }
}

/** The address, or null for what must not be one: "https://bank.example@other.example" hides where it leads. */
function address(link) {
  try {
    const url = new URL(link);
    const web = url.protocol === 'http:' || url.protocol === 'https:';
    return web && url.hostname && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** The text cut into { text } and { text, href }. */
export function linksIn(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const link = trimmed(match[0]);
    const href = address(link);
    if (href) {
      if (match.index > end) parts.push({ text: text.slice(end, match.index) });
      parts.push({ text: link, href });
      end = match.index + link.length;
    }
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Nodes of text and links. A link opens in a new tab that knows nothing of this one. */
export function withLinks(text) {
  return linksIn(text).map(({ text: shown, href }) =>
    href
      ? element('a', { href, title: href, target: '_blank', rel: 'noopener noreferrer nofollow', textContent: shown })
      : document.createTextNode(shown));
}
