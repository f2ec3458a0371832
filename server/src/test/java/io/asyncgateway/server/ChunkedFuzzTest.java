package io.asyncgateway.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Looks, guided by coverage, for chunked bodies that break an invariant. How to run it: CONTRIBUTING.md. */
@Timeout(value = 7, unit = TimeUnit.DAYS)
class ChunkedFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void chunkedBodiesKeepTheInvariants(byte[] octets) {
        HttpInvariants.checkChunked(octets);
    }
}
