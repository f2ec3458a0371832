package io.asyncgateway.server;

import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Connection ids of QUIC: the number of the socket, by which its packets find it whatever socket they come to, and octets that nobody can guess. Safe for use from any thread. */
final class ConnectionIds implements QuicConnectionIdGenerator {
    private final int socket;
    private final SecureRandom random;

    /**
     * The ids of one socket.
     *
     * @param random one that does not block
     */
    ConnectionIds(int socket, SecureRandom random) {
        this.socket = socket;
        this.random = random;
    }

    @Override
    public ByteBuffer newId(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return ByteBuffer.wrap(octets).putShort(0, (short) socket);
    }

    @Override
    public ByteBuffer newId(ByteBuffer input, int length) {
        return newId(length);
    }

    @Override
    public ByteBuffer newId(ByteBuffer source, ByteBuffer destination, int length) {
        return newId(length);
    }

    @Override
    public int maxConnectionIdLength() {
        return Quic.MAX_CONN_ID_LEN;
    }

    @Override
    public boolean isIdempotent() {
        return false;
    }
}
