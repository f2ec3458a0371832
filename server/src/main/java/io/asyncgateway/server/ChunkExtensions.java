package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/**
 * Checks {@code *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )} (RFC 9112 section 7.1.1). They mean nothing to us, but a lenient reading
 * of them is a known way to smuggle a request.
 */
final class ChunkExtensions {
    private final ByteBuf octets;
    private final int end;
    private int at;

    private ChunkExtensions(ByteBuf octets, int start, int end) {
        this.octets = octets;
        this.at = start;
        this.end = end;
    }

    static void check(ByteBuf octets, int start, int end) throws HttpFailure {
        if (start < end && !new ChunkExtensions(octets, start, end).areValid()) {
            throw new HttpFailure(400, "chunk size line: not a size and extensions");
        }
    }

    private boolean areValid() {
        while (at < end) {
            if (!semicolonAndName()) {
                return false;
            }
            int beforeSpace = at;
            skipSpace();
            if (at < end && octets.getByte(at) == '=') {
                at++;
                skipSpace();
                if (!value()) {
                    return false;
                }
            } else {
                at = beforeSpace;
            }
        }
        return true;
    }

    private boolean semicolonAndName() {
        skipSpace();
        if (at == end || octets.getByte(at) != ';') {
            return false;
        }
        at++;
        skipSpace();
        return token();
    }

    private boolean value() {
        return at < end && octets.getByte(at) == '"' ? quoted() : token();
    }

    private boolean token() {
        int start = at;
        while (at < end && Octets.token(octets.getByte(at)) != 0) {
            at++;
        }
        return at > start;
    }

    private boolean quoted() {
        for (at++; at < end; at++) {
            byte octet = octets.getByte(at);
            if (octet == '"') {
                at++;
                return true;
            }
            if (octet == '\\' && ++at == end) {
                return false;
            }
            octet = octets.getByte(at);
            if (octet >= 0 && octet < ' ' && octet != '\t' || octet == 0x7f) {
                return false;
            }
        }
        return false;
    }

    private void skipSpace() {
        while (at < end && (octets.getByte(at) == ' ' || octets.getByte(at) == '\t')) {
            at++;
        }
    }
}
