package io.asyncgateway.server;

import io.asyncgateway.api.testing.ConformanceCapability;
import java.util.EnumSet;
import java.util.Set;

/** The server passes the conformance kit over HTTP/1.1 with TLS by the JDK. */
class JdkTlsConformanceTest extends TlsConformanceTest {
    @Override
    TlsProvider provider() {
        return TlsProvider.JDK;
    }

    @Override
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.allOf(ConformanceCapability.class);
    }
}
