package io.asyncgateway.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for requests that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class HttpFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void requestsKeepTheInvariants(byte[] octets) {
        HttpInvariants.check(octets);
    }
}
