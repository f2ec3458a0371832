package io.asyncgateway.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for streams of HTTP/3 that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class Http3FuzzTest {
    @FuzzTest(maxDuration = "1h")
    void streamsKeepTheInvariants(byte[] octets) {
        Http3Invariants.checkRequest(octets);
        Http3Invariants.checkUnidirectional(octets);
    }
}
