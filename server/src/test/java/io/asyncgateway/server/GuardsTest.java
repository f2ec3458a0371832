package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.concurrent.atomic.AtomicReference;
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
        assertThat(caught.get()).hasMessageContaining("Thread.sleep");
    }

    /** Blocks on purpose, and waits for nothing: BlockHound throws before a moment has passed. */
    private static void block() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
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
