package io.asyncgateway.server;

import io.asyncgateway.api.testing.ConformanceCapability;
import java.util.EnumSet;
import java.util.Set;

/** The server passes the conformance kit on a Unix domain socket of the JDK's. */
class NioUnixSocketConformanceTest extends UnixSocketConformanceTest {
    @Override
    Transport transport() {
        return Transport.NIO;
    }

    /** The JDK's sockets don't tell a peer that is gone from one that has ended its own direction. */
    @Override
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(ConformanceCapability.HALF_CLOSE));
    }
}
