package io.asyncgateway.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One extension that a client offers in {@code Sec-WebSocket-Extensions} (RFC 6455 section 9.1).
 *
 * @param name the extension's name as it came
 * @param parameters in their order, duplicates kept
 */
record WebSocketExtension(String name, List<Parameter> parameters) {
    /**
     * A parameter of an extension.
     *
     * @param name the name as it came
     * @param value the value, unquoted; {@code null} where there is none
     */
    record Parameter(String name, @Nullable String value) {}

    WebSocketExtension {
        parameters = List.copyOf(parameters);
    }

    /**
     * The offers of all fields, the most preferred first.
     *
     * @throws IllegalArgumentException if a field is not of the grammar; RFC 6455 section 9.1 wants the handshake refused then
     */
    static List<WebSocketExtension> parse(List<String> fieldValues) {
        List<WebSocketExtension> extensions = new ArrayList<>();
        for (String value : fieldValues) {
            new Parser(value).list(extensions);
        }
        return extensions;
    }

    /**
     * <pre>
     * extension-list  = 1#extension
     * extension       = token *( ";" extension-param )
     * extension-param = token [ "=" ( token / quoted-string ) ]    ; unquoted, it must be a token too
     * </pre>
     */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void list(List<WebSocketExtension> to) {
            do {
                skipSpace();
                // Empty elements of a list are to be ignored (RFC 9110 section 5.6.1.2).
                if (at < text.length() && text.charAt(at) != ',') {
                    to.add(extension());
                }
            } while (skip(','));
            if (at < text.length()) {
                throw malformed();
            }
        }

        private WebSocketExtension extension() {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (skip(';')) {
                String parameter = token();
                parameters.add(new Parameter(parameter, skip('=') ? value() : null));
            }
            return new WebSocketExtension(name, parameters);
        }

        private String token() {
            skipSpace();
            int start = at;
            while (at < text.length() && WebSocketHandshake.isTokenCharacter(text.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw malformed();
            }
            return text.substring(start, at);
        }

        private String value() {
            skipSpace();
            if (at == text.length() || text.charAt(at) != '"') {
                return token();
            }
            at++;
            StringBuilder value = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\') {
                    at++;
                }
                if (at == text.length() || !WebSocketHandshake.isTokenCharacter(text.charAt(at))) {
                    throw malformed();
                }
                value.append(text.charAt(at++));
            }
            if (!skip('"') || value.isEmpty()) {
                throw malformed();
            }
            return value.toString();
        }

        private boolean skip(char wanted) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private IllegalArgumentException malformed() {
            return new IllegalArgumentException("sec-websocket-extensions: not understood at character " + at
                    + " (expected: name; parameter=value)");
        }
    }
}
