package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens with which a client proves that it is at its address before the server does anything for it (RFC 9000 section 8.1): the time, and a code over that, the address and the
 * client's choice of a connection id, which follows. Nothing is remembered. Safe for use from any thread.
 */
final class RetryTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_SIZE = 32;
    private static final int CODE_SIZE = 16;
    private static final int PREFIX = Long.BYTES + CODE_SIZE;
    private static final int INVALID = -1;

    /** A client that has got a token uses it at once. */
    private static final long VALID_FOR = Duration.ofSeconds(30).toMillis();

    private final BooleanSupplier needed;
    private final LongSupplier clock;
    private final SecretKeySpec key;

    /**
     * Tokens of one server, which are no others'.
     *
     * @param needed whether a client without a token is to be sent back for one
     * @param clock milliseconds
     * @param random for the key
     */
    RetryTokens(BooleanSupplier needed, LongSupplier clock, SecureRandom random) {
        this.needed = needed;
        this.clock = clock;
        byte[] secret = new byte[KEY_SIZE];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        if (!needed.getAsBoolean()) {
            return false;
        }
        byte[] id = new byte[dcid.readableBytes()];
        dcid.getBytes(dcid.readerIndex(), id);
        long time = clock.getAsLong();
        out.writeLong(time).writeBytes(code(time, address, id)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int size = token.readableBytes();
        if (size < PREFIX || size > maxTokenLength()) {
            return INVALID;
        }
        long time = token.readLong();
        byte[] code = new byte[CODE_SIZE];
        token.readBytes(code);
        byte[] id = new byte[token.readableBytes()];
        token.readBytes(id);
        long age = clock.getAsLong() - time;
        boolean valid = age >= 0 && age <= VALID_FOR && MessageDigest.isEqual(code, code(time, address, id));
        return valid ? PREFIX : INVALID;
    }

    private byte[] code(long time, InetSocketAddress address, byte[] id) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] host = address.getAddress().getAddress();
            mac.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES + 1 + host.length)
                    .putLong(time)
                    .putInt(address.getPort())
                    .put((byte) host.length)
                    .put(host)
                    .flip());
            return Arrays.copyOf(mac.doFinal(id), CODE_SIZE);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }

    @Override
    public int maxTokenLength() {
        return PREFIX + Quic.MAX_CONN_ID_LEN;
    }
}
