package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;

/**
 * Checks a decoded section of fields as HTTP/2 and HTTP/3 carry it (RFC 9113 section 8.2, RFC 9114 section 4.2): names in lower case, values without controls and without white space
 * around them, nothing of a connection. What concerns a request is a subclass's.
 *
 * <p>Reused for all sections of one connection.
 */
class SectionParser {
    private final int maxFields;
    private FieldSection section = new FieldSection(0, 0);

    SectionParser(Limits limits) {
        this.maxFields = limits.headerFields();
    }

    /** The trailer fields of a request. */
    final Headers trailers(FieldSection decoded) throws MalformedMessage, HttpFailure {
        begin(decoded);
        checkNumber(decoded.fields());
        int[] bounds = new int[decoded.fields() * RequestFields.STRIDE];
        for (int i = 0, size = decoded.fields(); i < size; i++) {
            if (isPseudo(i)) {
                throw new MalformedMessage("a pseudo-header field in the trailers");
            }
            checkField(i);
            decoded.copyBounds(i, bounds, i * RequestFields.STRIDE);
        }
        return new RequestFields(decoded.copyOfOctets(0), bounds);
    }

    final void begin(FieldSection decoded) throws HttpFailure {
        section = decoded;
        if (decoded.isTooLarge()) {
            throw new HttpFailure(431, "section of too many or too large fields");
        }
    }

    final void checkNumber(int fields) throws HttpFailure {
        if (fields > maxFields) {
            throw new HttpFailure(431, "more than " + maxFields + " fields");
        }
    }

    final FieldSection section() {
        return section;
    }

    final boolean isPseudo(int field) {
        int start = section.nameStart(field);
        return start < section.nameEnd(field) && section.octets()[start] == ':';
    }

    /** Checks name and value of a field that is no pseudo-header. */
    final void checkField(int field) throws MalformedMessage {
        checkName(section.octets(), section.nameStart(field), section.nameEnd(field));
        checkValue(section.octets(), section.valueStart(field), section.valueEnd(field));
        checkConnection(field);
    }

    private static void checkName(byte[] octets, int start, int end) throws MalformedMessage {
        if (start == end) {
            throw new MalformedMessage("a field without a name");
        }
        for (int i = start; i < end; i++) {
            byte octet = octets[i];
            if (Octets.token(octet) != octet || octet == 0) {
                throw new MalformedMessage("name of a field: not a token in lower case");
            }
        }
    }

    static void checkValue(byte[] octets, int start, int end) throws MalformedMessage {
        if (Octets.endOfValue(octets, start, end) != end) {
            throw new MalformedMessage("value of a field: control octet");
        }
        if (start < end && (isWhiteSpace(octets[start]) || isWhiteSpace(octets[end - 1]))) {
            throw new MalformedMessage("value of a field: white space around it");
        }
    }

    private static boolean isWhiteSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** RFC 9113 section 8.2.2. The length of a name says at once whether it can be one of those that matter here. */
    private void checkConnection(int field) throws MalformedMessage {
        boolean forbidden =
                switch (section.nameEnd(field) - section.nameStart(field)) {
                    case 2 -> nameIs(field, "te") && !valueIs(field, "trailers");
                    case 7 -> nameIs(field, "upgrade");
                    case 10 -> nameIs(field, "connection") || nameIs(field, "keep-alive");
                    case 16 -> nameIs(field, "proxy-connection");
                    case 17 -> nameIs(field, "transfer-encoding");
                    default -> false;
                };
        if (forbidden) {
            throw new MalformedMessage("a field of the connection");
        }
    }

    final boolean nameIs(int field, String lowerCase) {
        return Octets.equalsIgnoreCase(section.octets(), section.nameStart(field), section.nameEnd(field), lowerCase);
    }

    final boolean valueIs(int field, String lowerCase) {
        return Octets.equalsIgnoreCase(section.octets(), section.valueStart(field), section.valueEnd(field), lowerCase);
    }

    final String value(int field) {
        int start = section.valueStart(field);
        return new String(section.octets(), start, section.valueEnd(field) - start, ISO_8859_1);
    }
}
