package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import java.util.Arrays;

/**
 * Makes the head of a request from its decoded header section, as HTTP/2 and HTTP/3 carry it (RFC 9113 section 8.3, RFC 9114 section 4.3, RFC 8441 section 4): the pseudo-header fields become method and
 * target, {@code :authority} becomes {@code host}. There is no lenient mode, as there is none in {@link HeadParser}.
 *
 * <p>What is no request at all is a {@link MalformedMessage}, whose stream is to be reset; what is one, but not for this server, is an {@link HttpFailure}, which is to be
 * answered with its status.
 *
 * <p>Reused for all requests of one connection; confined to its event loop.
 */
final class RequestSectionParser extends SectionParser {
    /** Longer methods exist nowhere. */
    private static final int MAX_METHOD = 64;

    private static final byte[] HOST = "host".getBytes(ISO_8859_1);
    private static final int NONE = -1;

    private final HttpVersion version;
    private final boolean webSocket;
    private final int maxTarget;
    private final long maxBody;

    // Where the pseudo-header fields and those that mean something here are
    private int method;
    private int scheme;
    private int path;
    private int authority;
    private int protocol;
    private int host;
    private int cookies;
    private int cookieOctets;
    private long contentLength;
    private boolean expectsContinue;
    private boolean expectsOther;

    /**
     * A parser of the requests of one connection.
     *
     * @param version of the heads
     * @param webSocket whether the peer was told that it may ask for a WebSocket (RFC 8441 section 3)
     */
    RequestSectionParser(HttpVersion version, Limits limits, boolean webSocket) {
        super(limits);
        this.version = version;
        this.webSocket = webSocket;
        this.maxTarget = limits.requestLine();
        this.maxBody = limits.bodySize();
    }

    /**
     * Parses a header section.
     *
     * @param decoded the section, which stays the caller's
     * @param ended whether the request ends with it
     */
    RequestHead parse(FieldSection decoded, boolean ended) throws MalformedMessage, HttpFailure {
        begin(decoded);
        method = scheme = path = authority = protocol = host = NONE;
        cookies = cookieOctets = 0;
        contentLength = NONE;
        expectsContinue = expectsOther = false;
        int size = decoded.fields();
        int at = 0;
        while (at < size && isPseudo(at)) {
            pseudo(at++);
        }
        int regular = at;
        checkNumber(size - regular);
        for (; at < size; at++) {
            if (isPseudo(at)) {
                throw new MalformedMessage("a pseudo-header field behind a field");
            }
            checkField(at);
            interpret(at);
        }
        boolean asksForWebSocket = checkKind();
        checkBody(ended);
        return new RequestHead(
                version,
                methodName(),
                value(path),
                headers(regular),
                ended ? 0 : contentLength > 0 ? contentLength : RequestHead.CHUNKED,
                true,
                expectsContinue && !ended,
                asksForWebSocket);
    }

    // ------------------------------------------------------------------------------------------------ pseudo-headers

    private void pseudo(int field) throws MalformedMessage {
        switch (section().nameEnd(field) - section().nameStart(field)) {
            case 5 -> path = once(field, ":path", path);
            case 7 -> {
                if (nameIs(field, ":method")) {
                    method = once(field, ":method", method);
                } else {
                    scheme = once(field, ":scheme", scheme);
                }
            }
            case 9 -> protocol = once(field, ":protocol", protocol);
            case 10 -> authority = once(field, ":authority", authority);
            default -> throw new MalformedMessage("a pseudo-header field that is not known");
        }
    }

    private int once(int field, String name, int before) throws MalformedMessage {
        FieldSection fields = section();
        for (int i = 0, start = fields.nameStart(field); i < name.length(); i++) {
            if (fields.octets()[start + i] != name.charAt(i)) {
                throw new MalformedMessage("a pseudo-header field that is not known");
            }
        }
        if (before != NONE) {
            throw new MalformedMessage(name + ": repeated");
        }
        return field;
    }

    /** Whether it asks for a WebSocket. What is malformed is so even where it would be refused for another reason. */
    private boolean checkKind() throws MalformedMessage, HttpFailure {
        if (protocol != NONE) {
            checkValue(
                    section().octets(),
                    section().valueStart(protocol),
                    section().valueEnd(protocol));
        }
        if (method == NONE) {
            throw new MalformedMessage(":method: missing");
        }
        checkMethod();
        boolean connect = isConnect();
        checkAuthority();
        if (connect && protocol == NONE) {
            if (scheme != NONE || path != NONE || authority == NONE) {
                throw new MalformedMessage("CONNECT (expected: :authority alone)");
            }
            throw new HttpFailure(501, "method CONNECT"); // we are no proxy
        }
        if (protocol != NONE && (!connect || authority == NONE)) {
            throw new MalformedMessage(":protocol (expected: with CONNECT and :authority alone)");
        }
        if (scheme == NONE || path == NONE) {
            throw new MalformedMessage(":scheme or :path: missing");
        }
        checkScheme();
        checkPath();
        if (protocol != NONE && (!webSocket || !valueIs(protocol, "websocket"))) {
            throw new HttpFailure(501, ":protocol: other than websocket");
        }
        return protocol != NONE;
    }

    private boolean isConnect() {
        return section().valueEnd(method) - section().valueStart(method) == 7
                && value(method).equals("CONNECT");
    }

    private void checkMethod() throws MalformedMessage, HttpFailure {
        int start = section().valueStart(method);
        int end = section().valueEnd(method);
        for (int i = start; i < end; i++) {
            if (Octets.token(section().octets()[i]) == 0) {
                throw new MalformedMessage(":method: not a token");
            }
        }
        if (start == end) {
            throw new MalformedMessage(":method: empty");
        }
        if (end - start > MAX_METHOD) {
            throw new HttpFailure(501, "method of " + (end - start) + " octets");
        }
    }

    /** TRACE would reflect credentials. */
    private String methodName() throws HttpFailure {
        byte[] octets = section().octets();
        int start = section().valueStart(method);
        int length = section().valueEnd(method) - start;
        if (length == 3 && octets[start] == 'G' && octets[start + 1] == 'E' && octets[start + 2] == 'T') {
            return "GET";
        }
        String name = value(method);
        if (name.equals("TRACE")) {
            throw new HttpFailure(501, "method TRACE");
        }
        return name;
    }

    /** Of both, since that is what is to be reached, not how it was: a proxy may have ended TLS. */
    private void checkScheme() throws MalformedMessage, HttpFailure {
        if (valueIs(scheme, "http") || valueIs(scheme, "https")) {
            return;
        }
        int start = section().valueStart(scheme);
        int end = section().valueEnd(scheme);
        for (int i = start; i < end; i++) {
            byte octet = Octets.token(section().octets()[i]);
            boolean letter = octet >= 'a' && octet <= 'z';
            boolean other = Octets.isDigit(octet) || octet == '+' || octet == '-' || octet == '.';
            if (!letter && (i == start || !other)) {
                throw new MalformedMessage(":scheme: not a scheme");
            }
        }
        if (start == end) {
            throw new MalformedMessage(":scheme: empty");
        }
        throw new HttpFailure(400, ":scheme: other than http and https");
    }

    private void checkPath() throws MalformedMessage, HttpFailure {
        byte[] octets = section().octets();
        int start = section().valueStart(path);
        int end = section().valueEnd(path);
        boolean asterisk =
                end - start == 1 && octets[start] == '*' && value(method).equals("OPTIONS");
        if (start == end || octets[start] != '/' && !asterisk) {
            throw new MalformedMessage(":path: not an absolute path");
        }
        for (int i = start; i < end; i++) {
            if (!Octets.isTarget(octets[i])) {
                throw new MalformedMessage(":path: octet that stands in no target");
            }
        }
        if (end - start > maxTarget) {
            throw new HttpFailure(414, ":path of more than " + maxTarget + " octets");
        }
    }

    /** One is enough, two must be equal, and neither may be empty (RFC 9114 section 4.3.1). */
    private void checkAuthority() throws MalformedMessage {
        if (authority == NONE && host == NONE) {
            throw new MalformedMessage(":authority: missing");
        }
        checkHost(authority);
        checkHost(host);
        if (authority != NONE && host != NONE && !value(authority).equalsIgnoreCase(value(host))) {
            throw new MalformedMessage("host: other than :authority");
        }
    }

    private void checkHost(int field) throws MalformedMessage {
        if (field == NONE) {
            return;
        }
        int start = section().valueStart(field);
        int end = section().valueEnd(field);
        if (start == end || !Host.isValid(section().octets(), start, end)) {
            throw new MalformedMessage(":authority or host: not a host and a port");
        }
    }

    // ------------------------------------------------------------------------------------------------ fields

    private void interpret(int field) throws MalformedMessage, HttpFailure {
        switch (section().nameEnd(field) - section().nameStart(field)) {
            case 4 -> {
                if (nameIs(field, "host")) {
                    if (host != NONE) {
                        throw new MalformedMessage("host: repeated");
                    }
                    host = field;
                }
            }
            case 6 -> {
                if (nameIs(field, "cookie")) {
                    cookies++;
                    cookieOctets += section().valueEnd(field) - section().valueStart(field);
                } else if (nameIs(field, "expect")) {
                    expect(field);
                }
            }
            case 14 -> {
                if (nameIs(field, "content-length")) {
                    length(field);
                }
            }
            default -> {}
        }
    }

    private void expect(int field) {
        boolean known = valueIs(field, "100-continue");
        expectsContinue |= known;
        expectsOther |= !known;
    }

    private void length(int field) throws MalformedMessage {
        int start = section().valueStart(field);
        int end = section().valueEnd(field);
        if (contentLength != NONE || start == end || end - start > 18) {
            throw new MalformedMessage("content-length: repeated, or not a number of at most 18 digits");
        }
        long length = 0;
        for (int i = start; i < end; i++) {
            byte octet = section().octets()[i];
            if (!Octets.isDigit(octet)) {
                throw new MalformedMessage("content-length: not digits");
            }
            length = length * 10 + octet - '0';
        }
        contentLength = length;
    }

    /** The length that was announced; -1 if none was. */
    long contentLength() {
        return contentLength;
    }

    private void checkBody(boolean ended) throws MalformedMessage, HttpFailure {
        if (ended && contentLength > 0) {
            throw new MalformedMessage("content-length: " + contentLength + " (expected: 0, for there is no body)");
        }
        if (expectsOther) {
            throw new HttpFailure(417, "expect: other than 100-continue");
        }
        if (contentLength > maxBody) {
            throw new HttpFailure(413, "content-length: more than " + maxBody);
        }
    }

    /** The fields for the application: {@code host} first, where {@code :authority} stood; cookies in one (RFC 9113 section 8.2.3). */
    private Headers headers(int regular) {
        FieldSection fields = section();
        boolean hostFirst = authority != NONE;
        boolean joinCookies = cookies > 1;
        int count = fields.fields() - regular + (hostFirst ? 1 : 0);
        int[] bounds = new int[count * RequestFields.STRIDE];
        byte[] octets =
                fields.copyOfOctets((hostFirst ? HOST.length : 0) + (joinCookies ? cookieOctets + 2 * cookies : 0));
        int end = fields.size();
        int used = 0;
        if (hostFirst) {
            System.arraycopy(HOST, 0, octets, end, HOST.length);
            bounds[0] = end;
            end += HOST.length;
            bounds[1] = end;
            bounds[2] = fields.valueStart(authority);
            bounds[3] = fields.valueEnd(authority);
            used = RequestFields.STRIDE;
        }
        boolean cookieTaken = false;
        for (int i = regular, size = fields.fields(); i < size; i++) {
            boolean cookie = joinCookies && nameIs(i, "cookie");
            if (cookie && cookieTaken || hostFirst && i == host) {
                continue;
            }
            fields.copyBounds(i, bounds, used);
            if (cookie) {
                cookieTaken = true;
                bounds[used + 2] = end;
                end = joinCookies(i, octets, end);
                bounds[used + 3] = end;
            }
            used += RequestFields.STRIDE;
        }
        return new RequestFields(octets, used == bounds.length ? bounds : Arrays.copyOf(bounds, used));
    }

    private int joinCookies(int first, byte[] target, int start) {
        FieldSection fields = section();
        int end = start;
        for (int i = first, size = fields.fields(); i < size; i++) {
            if (nameIs(i, "cookie")) {
                if (i != first) {
                    target[end++] = ';';
                    target[end++] = ' ';
                }
                int length = fields.valueEnd(i) - fields.valueStart(i);
                System.arraycopy(fields.octets(), fields.valueStart(i), target, end, length);
                end += length;
            }
        }
        return end;
    }
}
