package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of an HTTP/1 request (RFC 9112 sections 2 to 6) from octets in memory, and decides how its body is framed. There is no lenient
 * mode: a head that another implementation could read differently is refused, because that is how requests are smuggled (RFC 9112 section 11.2).
 *
 * <p>Reused for all requests of one connection.
 */
final class HeadParser {
    /** Longer methods exist nowhere. */
    private static final int MAX_METHOD = 64;

    private final int maxRequestLine;
    private final int maxSection;
    private final FieldParser fields;

    private int lineEnd;
    private int end;

    // The request line.
    private String method = "";
    private int targetStart;
    private int targetEnd;
    private HttpVersion version = HttpVersion.HTTP_1_1;

    // What the fields say of framing and connection.
    private int hosts;
    private int hostField;
    private long contentLength;
    private boolean hasContentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean connectionUpgrade;
    private boolean hasUpgrade;
    private boolean expectsContinue;

    HeadParser(Limits limits) {
        this.maxRequestLine = limits.requestLine();
        this.maxSection = limits.headerSection();
        this.fields = new FieldParser(limits.headerFields());
    }

    /**
     * Parses from the first octet of the request line. The octets stay the caller's, but names of fields are put into lower case in them.
     *
     * @return the head, or {@code null} if more octets are needed
     */
    @Nullable
    RequestHead parse(byte[] octets, int length) throws HttpFailure {
        lineEnd = requestLine(octets, length);
        // No further than the limit, so that of two things that are wrong the first one counts, however much came at
        // once.
        if (lineEnd < 0 || !fields.parse(octets, lineEnd, Math.min(length, lineEnd + maxSection))) {
            if (lineEnd >= 0 && length - lineEnd > maxSection) {
                throw new HttpFailure(431, "header section of more than " + maxSection + " octets");
            }
            return null;
        }
        end = fields.end();
        interpretFields(octets);
        checkTarget(octets);
        boolean http11 = version == HttpVersion.HTTP_1_1;
        return new RequestHead(
                version,
                method,
                new String(octets, targetStart, targetEnd - targetStart, ISO_8859_1),
                fields.copyOfFields(),
                chunked ? RequestHead.CHUNKED : contentLength,
                !close && (http11 || keepAlive),
                http11 && expectsContinue && (chunked || contentLength > 0),
                http11 && connectionUpgrade && hasUpgrade);
    }

    /** The number of octets of the head that was parsed. */
    int end() {
        return end;
    }

    /** Parses {@code method SP target SP version CRLF}; returns the index after it, or -1 if it is not complete. */
    private int requestLine(byte[] octets, int length) throws HttpFailure {
        int methodEnd = 0;
        while (methodEnd < length && Octets.token(octets[methodEnd]) != 0) {
            methodEnd++;
        }
        if (methodEnd > MAX_METHOD) {
            throw new HttpFailure(501, "method of " + methodEnd + " octets");
        }
        if (methodEnd == length) {
            return -1;
        }
        if (methodEnd == 0 || octets[methodEnd] != ' ') {
            throw new HttpFailure(400, "request line: not a method and a space");
        }
        int at = methodEnd + 1;
        while (at < length && Octets.isTarget(octets[at])) {
            at++;
        }
        if (at > maxRequestLine) {
            throw new HttpFailure(414, "request line of more than " + maxRequestLine + " octets");
        }
        if (at == length) {
            return -1;
        }
        if (at == methodEnd + 1 || octets[at] != ' ') {
            throw new HttpFailure(400, "request line: not a target and a space");
        }
        targetStart = methodEnd + 1;
        targetEnd = at;
        method = methodName(octets, methodEnd);
        return version(octets, at + 1, length);
    }

    private int version(byte[] octets, int start, int length) throws HttpFailure {
        String expected = "HTTP/1.1\r\n";
        int available = Math.min(length - start, expected.length());
        for (int i = 0; i < available; i++) {
            // The digits are looked at below, where they can be told apart from a malformed version.
            if (i != 5 && i != 7 && octets[start + i] != expected.charAt(i)
                    || (i == 5 || i == 7) && !Octets.isDigit(octets[start + i])) {
                throw new HttpFailure(400, "request line: not HTTP/1.1 and CRLF after the target");
            }
        }
        if (available < expected.length()) {
            return -1;
        }
        byte minor = octets[start + 7];
        if (octets[start + 5] != '1' || minor > '1') {
            throw new HttpFailure(505, "version other than HTTP/1.0 and HTTP/1.1");
        }
        version = minor == '1' ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
        return start + expected.length();
    }

    private static String methodName(byte[] octets, int end) {
        if (end == 3 && octets[0] == 'G' && octets[1] == 'E' && octets[2] == 'T') {
            return "GET";
        }
        if (end == 4 && octets[0] == 'P' && octets[1] == 'O' && octets[2] == 'S' && octets[3] == 'T') {
            return "POST";
        }
        return new String(octets, 0, end, ISO_8859_1);
    }

    private void interpretFields(byte[] octets) throws HttpFailure {
        hosts = 0;
        contentLength = 0;
        hasContentLength = chunked = close = keepAlive = connectionUpgrade = hasUpgrade = expectsContinue = false;
        for (int i = 0, size = fields.size(); i < size; i++) {
            interpretField(octets, i);
        }
        if (hosts > 1 || hosts == 0 && version == HttpVersion.HTTP_1_1) {
            throw new HttpFailure(400, hosts + " Host fields (expected: 1)");
        }
        if (chunked && hasContentLength) {
            throw new HttpFailure(400, "both Transfer-Encoding and Content-Length");
        }
        if (chunked && version == HttpVersion.HTTP_1_0) {
            throw new HttpFailure(400, "Transfer-Encoding in HTTP/1.0");
        }
    }

    /** The length of a name says at once whether it can be one of those that matter here. */
    private void interpretField(byte[] octets, int field) throws HttpFailure {
        int start = fields.nameStart(field);
        int end = fields.nameEnd(field);
        switch (end - start) {
            case 4 -> {
                if (Octets.equalsIgnoreCase(octets, start, end, "host")) {
                    host(octets, field);
                }
            }
            case 6 -> {
                if (Octets.equalsIgnoreCase(octets, start, end, "expect")) {
                    expect(octets, field);
                }
            }
            case 7 -> hasUpgrade |= Octets.equalsIgnoreCase(octets, start, end, "upgrade");
            case 10 -> {
                if (Octets.equalsIgnoreCase(octets, start, end, "connection")) {
                    connection(octets, field);
                }
            }
            case 14 -> {
                if (Octets.equalsIgnoreCase(octets, start, end, "content-length")) {
                    contentLength(octets, field);
                }
            }
            case 17 -> {
                if (Octets.equalsIgnoreCase(octets, start, end, "transfer-encoding")) {
                    transferEncoding(octets, field);
                }
            }
            default -> {}
        }
    }

    private void host(byte[] octets, int field) throws HttpFailure {
        hosts++;
        hostField = field;
        if (!Host.isValid(octets, fields.valueStart(field), fields.valueEnd(field))) {
            throw new HttpFailure(400, "Host: not a host and a port");
        }
    }

    private void expect(byte[] octets, int field) throws HttpFailure {
        if (version == HttpVersion.HTTP_1_0) {
            return;
        }
        if (!Octets.equalsIgnoreCase(octets, fields.valueStart(field), fields.valueEnd(field), "100-continue")) {
            throw new HttpFailure(417, "Expect: other than 100-continue");
        }
        expectsContinue = true;
    }

    private void connection(byte[] octets, int field) {
        int at = fields.valueStart(field);
        int valueEnd = fields.valueEnd(field);
        while (at < valueEnd) {
            int comma = at;
            while (comma < valueEnd && octets[comma] != ',') {
                comma++;
            }
            int optionStart = at;
            int optionEnd = comma;
            while (optionStart < optionEnd && octets[optionStart] <= ' ') {
                optionStart++;
            }
            while (optionEnd > optionStart && octets[optionEnd - 1] <= ' ') {
                optionEnd--;
            }
            close |= Octets.equalsIgnoreCase(octets, optionStart, optionEnd, "close");
            keepAlive |= Octets.equalsIgnoreCase(octets, optionStart, optionEnd, "keep-alive");
            connectionUpgrade |= Octets.equalsIgnoreCase(octets, optionStart, optionEnd, "upgrade");
            at = comma + 1;
        }
    }

    private void contentLength(byte[] octets, int field) throws HttpFailure {
        int start = fields.valueStart(field);
        int valueEnd = fields.valueEnd(field);
        if (hasContentLength || start == valueEnd) {
            throw new HttpFailure(400, "Content-Length: repeated or empty");
        }
        hasContentLength = true;
        if (valueEnd - start > 18) {
            // More than any limit, and the last that fits into 63 bits.
            boolean digits = true;
            for (int i = start; i < valueEnd; i++) {
                digits &= Octets.isDigit(octets[i]);
            }
            throw new HttpFailure(digits ? 413 : 400, "Content-Length: more than 18 octets");
        }
        long length = 0;
        for (int i = start; i < valueEnd; i++) {
            if (!Octets.isDigit(octets[i])) {
                throw new HttpFailure(400, "Content-Length: not digits");
            }
            length = length * 10 + octets[i] - '0';
        }
        contentLength = length;
    }

    private void transferEncoding(byte[] octets, int field) throws HttpFailure {
        int start = fields.valueStart(field);
        int valueEnd = fields.valueEnd(field);
        if (chunked) {
            throw new HttpFailure(400, "Transfer-Encoding: repeated");
        }
        if (Octets.equalsIgnoreCase(octets, start, valueEnd, "chunked")) {
            chunked = true;
            return;
        }
        // RFC 9112 section 6.1: a coding that is not understood gets 501, where it is at least framed by a final
        // chunked.
        String codings = new String(octets, start, valueEnd - start, ISO_8859_1);
        boolean framed = codings.toLowerCase(java.util.Locale.ROOT).matches("[a-z0-9-]+[ \t]*,[ \t]*chunked")
                && !codings.regionMatches(true, 0, "chunked", 0, 7);
        throw new HttpFailure(framed ? 501 : 400, "Transfer-Encoding: other than chunked");
    }

    /** The four forms of RFC 9112 section 3.2. We are no proxy, so CONNECT has no meaning here, and TRACE would reflect credentials. */
    private void checkTarget(byte[] octets) throws HttpFailure {
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            throw new HttpFailure(501, "method " + method);
        }
        byte first = octets[targetStart];
        if (first == '/') {
            return;
        }
        if (first == '*' && targetEnd == targetStart + 1 && method.equals("OPTIONS")) {
            return;
        }
        checkAbsolute(octets);
    }

    private void checkAbsolute(byte[] octets) throws HttpFailure {
        int authority;
        if (startsWith(octets, "http://")) {
            authority = targetStart + 7;
        } else if (startsWith(octets, "https://")) {
            authority = targetStart + 8;
        } else {
            throw new HttpFailure(400, "target in none of the forms of RFC 9112");
        }
        int authorityEnd = authority;
        while (authorityEnd < targetEnd && octets[authorityEnd] != '/' && octets[authorityEnd] != '?') {
            authorityEnd++;
        }
        if (authorityEnd == authority || !Host.isValid(octets, authority, authorityEnd)) {
            throw new HttpFailure(400, "authority of the target: not a host and a port");
        }
        // RFC 9112 section 3.2.2 lets the target win; two that differ are an attack or a mistake, and nobody is served
        // by a guess.
        if (hosts == 1) {
            String target = new String(octets, authority, authorityEnd - authority, ISO_8859_1);
            String host = new String(
                    octets,
                    fields.valueStart(hostField),
                    fields.valueEnd(hostField) - fields.valueStart(hostField),
                    ISO_8859_1);
            if (!target.equalsIgnoreCase(host)) {
                throw new HttpFailure(400, "authority of the target differs from Host");
            }
        }
    }

    private boolean startsWith(byte[] octets, String prefix) {
        return targetEnd - targetStart >= prefix.length()
                && Octets.equalsIgnoreCase(octets, targetStart, targetStart + prefix.length(), prefix);
    }
}
