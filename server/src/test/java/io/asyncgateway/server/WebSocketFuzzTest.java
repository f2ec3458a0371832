package io.asyncgateway.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for frames that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class WebSocketFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void framesKeepTheInvariants(byte[] octets) {
        WebSocketInvariants.check(octets);
    }
}
