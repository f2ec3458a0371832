package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.samples.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What an application and the helpers of the contract cost by themselves: a server that takes every event at once and does nothing with it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApplicationBenchmark {
    /** Which answer of the sample. */
    @Param({"/plaintext", "/json", "/echo", "/stream", "/chunked"})
    String path = "";

    private final Application application = new Reference();
    private final Mono<ReceiveEvent> part =
            Mono.just(new HttpEvent.Request(ByteBuffer.allocate(1024).asReadOnlyBuffer(), false));
    private final Receive receive = () -> part;
    private final Send send = event -> Mono.empty();
    private HttpScope scope = HttpScope.builder().build();

    /** Makes the request. */
    @Setup
    public void request() {
        scope = HttpScope.builder().target(path).build();
    }

    /**
     * One request.
     *
     * @return the end of it
     */
    @Benchmark
    public Disposable handle() {
        return application.handle(scope, receive, send).subscribe();
    }
}
