package io.asyncgateway.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy says of the hop before it: an element of {@code Forwarded} (RFC 7239 section 4).
 *
 * @param node the value of {@code for}
 * @param proto the value of {@code proto}
 * @param host the value of {@code host}
 */
record ForwardedElement(
        @Nullable String node,
        @Nullable String proto,
        @Nullable String host) {
    /** Of one element. There are four in RFC 7239, and an IANA registry with no more; each is compared with all before it. */
    private static final int MOST_PARAMETERS = 16;

    /**
     * The elements of all fields in their order. One octet out of place refuses everything: where the client's part of the field is malformed, it is open
     * where that of the proxy begins.
     */
    static List<ForwardedElement> parse(List<String> fields) throws HttpFailure {
        List<ForwardedElement> elements = new ArrayList<>();
        for (String field : fields) {
            new Parser(field).elements(elements);
        }
        return elements;
    }

    /** Reads one field from left to right. */
    private static final class Parser {
        private final String text;
        private int at;

        private @Nullable String node;
        private @Nullable String proto;
        private @Nullable String host;
        private final List<String> names = new ArrayList<>(4);

        Parser(String text) {
            this.text = text;
        }

        /** {@code [ element ] *( OWS "," OWS [ element ] )}; empty elements are skipped, as in every list (RFC 9110 section 5.6.1). */
        void elements(List<ForwardedElement> elements) throws HttpFailure {
            while (true) {
                skipSpace();
                if (element()) {
                    elements.add(new ForwardedElement(node, proto, host));
                }
                skipSpace();
                if (at == text.length()) {
                    return;
                }
                expect(',');
            }
        }

        /** {@code [ pair ] *( ";" [ pair ] )}; white space around the semicolon is no RFC's, but widespread and without a second meaning. */
        private boolean element() throws HttpFailure {
            node = proto = host = null;
            names.clear();
            while (true) {
                if (at < text.length() && token(at)) {
                    pair();
                }
                skipSpace();
                if (at == text.length() || text.charAt(at) != ';') {
                    return !names.isEmpty();
                }
                at++;
                skipSpace();
            }
        }

        private void pair() throws HttpFailure {
            String name = tokenAt().toLowerCase(Locale.ROOT);
            expect('=');
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : tokenAt();
            if (names.size() == MOST_PARAMETERS || names.contains(name)) {
                throw malformed(); // "each parameter MUST NOT occur more than once per field-value"
            }
            names.add(name);
            switch (name) {
                case "for" -> node = value;
                case "proto" -> proto = value;
                case "host" -> host = value;
                default -> {} // by, and what others may define
            }
        }

        private String tokenAt() throws HttpFailure {
            int start = at;
            while (at < text.length() && token(at)) {
                at++;
            }
            if (at == start) {
                throw malformed();
            }
            return text.substring(start, at);
        }

        private boolean token(int index) {
            char c = text.charAt(index);
            return c < 0x80 && Octets.token((byte) c) != 0;
        }

        private String quoted() throws HttpFailure {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && ++at < text.length()) {
                    c = text.charAt(at);
                }
                value.append(c);
            }
            throw malformed();
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private void expect(char c) throws HttpFailure {
            if (at == text.length() || text.charAt(at) != c) {
                throw malformed();
            }
            at++;
        }

        private static HttpFailure malformed() {
            return new HttpFailure(400, "Forwarded: malformed");
        }
    }
}
