package io.asyncgateway.server;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/**
 * A buffer without octets that says it has some, so that it waits in a stream of Netty's QUIC as if there was no room for it. Netty tells of a STOP_SENDING of the peer by failing what
 * waits in its stream, and of nothing where nothing waits; an exchange that writes nothing for a while would not hear that its peer has gone.
 */
final class StopSentinel extends UnpooledDirectByteBuf {
    private boolean passed;

    StopSentinel() {
        super(UnpooledByteBufAllocator.DEFAULT, 1, 1);
    }

    /** From now on it is what it is, and taken at the next write. */
    void pass() {
        passed = true;
    }

    @Override
    public boolean isReadable() {
        return !passed;
    }
}
