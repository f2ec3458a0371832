package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.testsupport.LeakExtension;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** What watches over all other tests of this module does watch. */
class GuardsTest {
    @Test
    void aBlockingCallOnAnEventLoopIsCaught() throws Exception {
        AtomicReference<Throwable> caught = new AtomicReference<>();
        try (TestServer server =
                TestServer.start(Applications.http((scope, receive, send) -> Mono.fromRunnable(GuardsTest::block)
                        .onErrorResume(BlockingOperationError.class, failure -> {
                            caught.set(failure);
                            return Mono.empty();
                        })
                        .then(Http.respond(send, 200, "done"))))) {
            assertThat(server.get("/").text()).isEqualTo("done");
        }
        assertThat(caught.get()).hasMessageContaining("Unsafe#park");
    }

    /** Blocks on purpose, for no time worth naming. */
    private static void block() {
        LockSupport.parkNanos(1);
    }

    @Test
    void aBufferThatNobodyReleasesIsFound() throws Exception {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        lose();
        assertThat(LeakExtension.takeLeaks()).singleElement().asString().contains("GuardsTest.lose");
    }

    /** In a method of its own, so that no local variable keeps the buffer. */
    private static void lose() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }

    @Test
    void anErrorInTheLogOfAServerFailsItsTest() {
        TestServer server = TestServer.start(
                Applications.http((scope, receive, send) -> Mono.error(new IllegalStateException("on purpose"))));
        try (RawClient client = server.client()) {
            assertThat(client.get("/").status()).isEqualTo(500);
        }
        assertThat(server.errors()).singleElement().asString().contains("on purpose");
        server.close();
    }
}
