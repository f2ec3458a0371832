package io.asyncgateway.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for frames of HTTP/2 that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class Http2FuzzTest {
    @FuzzTest(maxDuration = "1h")
    void framesKeepTheInvariants(byte[] octets) {
        Http2Invariants.checkShort(octets);
    }
}
