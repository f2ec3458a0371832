package io.asyncgateway.perf;

import io.asyncgateway.api.Headers;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Header fields that an application makes anew for each response, validated, beside Netty's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadersBenchmark {
    private String length = "123456";
    private final Headers twelve = Headers.of(
            "host",
            "localhost",
            "a",
            "1",
            "b",
            "2",
            "c",
            "3",
            "d",
            "4",
            "e",
            "5",
            "f",
            "6",
            "g",
            "7",
            "h",
            "8",
            "i",
            "9",
            "accept",
            "*/*",
            "if-none-match",
            "\"tag\"");

    /**
     * Three fields.
     *
     * @return the fields
     */
    @Benchmark
    public Headers threeFields() {
        return Headers.of("content-type", "application/json", "content-length", length, "cache-control", "no-store");
    }

    /**
     * Netty's validated three fields.
     *
     * @return the fields
     */
    @Benchmark
    public HttpHeaders threeFieldsOfNetty() {
        return new DefaultHttpHeaders()
                .add("content-type", "application/json")
                .add("content-length", length)
                .add("cache-control", "no-store");
    }

    /**
     * The last of twelve fields.
     *
     * @return its value
     */
    @Benchmark
    public @Nullable String lastOfTwelve() {
        return twelve.first("if-none-match");
    }
}
