package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.SendEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Drives one call of an application in memory: gives it events, expects its answers, and holds it to the contract as a server would.
 *
 * <pre>{@code
 * try (HttpDriver driver = ApplicationDriver.http(app, HttpScope.builder().target("/echo"))) {
 *     driver.part("one");
 *     driver.expectStart(200);
 *     driver.expectPart("one");
 *     driver.lastPart("two");
 *     driver.expectPart("two");
 *     driver.expectLastPart("");
 *     driver.expectEnd();
 * }
 * }</pre>
 *
 * <p><b>Rules.</b> A second pull, a second send, a send subscribed twice, an event out of order, bytes beside the announced content-length, a
 * buffer changed while its send is outstanding: each fails in the application with {@link ProtocolViolationException}, as on a server, and fails
 * the test at its next call here too, even where the application swallows it; {@link #expectViolation()} is for tests that want it.
 *
 * <p><b>Time and threads.</b> The application is called when the driver is first asked to give, to signal or to expect something, so that
 * {@link #hold()} and {@link #timeout(Duration)} can come before. It is called, and signalled, on the thread of the test, so one that stays on its thread has done
 * everything by the time that a method returns. One that uses others is waited for: never by sleeping, at most
 * {@linkplain #timeout(Duration) 5 s}. Timers of the application run on virtual time where the test has called
 * {@code VirtualTimeScheduler.getOrSet()} before; then {@link #advanceTime(Duration)} moves it.
 */
public abstract sealed class ApplicationDriver implements AutoCloseable permits RequestDriver, LifespanDriver {
    final Monitor monitor = new Monitor();
    final Inbox inbox = new Inbox(monitor);
    final Outbox outbox;

    private final Application application;
    private final Scope scope;
    private final Run run = new Run();
    private boolean begun;
    private Duration timeout = Duration.ofSeconds(5);
    /** How the application ended: {@link #COMPLETED}, {@link #CANCELLED} or its failure; null while it runs. */
    private volatile @Nullable Object ending;

    private static final Object COMPLETED = "completed";
    private static final Object CANCELLED = "was cancelled";

    ApplicationDriver(Application application, Scope scope, SendOrder order, Consumer<SendEvent> rules) {
        this.application = Objects.requireNonNull(application, "application");
        this.scope = scope;
        this.outbox = new Outbox(monitor, order, rules, this::taken);
    }

    /**
     * Calls an application with a request. Its body is to be given.
     *
     * @param application the application
     * @param scope the request; its signals are replaced by those of the driver
     * @return the driver of the call
     */
    public static HttpDriver http(Application application, RequestScopeBuilder.ForHttp scope) {
        return new HttpDriver(application, scope, null);
    }

    /**
     * Calls an application with {@code GET} and no body.
     *
     * @param application the application
     * @param target the request target
     * @return the driver of the call
     */
    public static HttpDriver get(Application application, String target) {
        return new HttpDriver(application, HttpScope.builder().target(target), HttpEvent.Request.empty());
    }

    /**
     * Calls an application with a WebSocket and gives {@code Connect}.
     *
     * @param application the application
     * @param scope the opening request; its signals are replaced by those of the driver
     * @return the driver of the call
     */
    public static WebSocketDriver webSocket(Application application, RequestScopeBuilder.ForWebSocket scope) {
        return new WebSocketDriver(application, scope);
    }

    /**
     * Calls an application with a lifespan. Start-up is to be given.
     *
     * @param application the application
     * @param scope the lifespan
     * @return the driver of the call
     */
    public static LifespanDriver lifespan(Application application, LifespanScope scope) {
        return new LifespanDriver(application, scope);
    }

    /** Calls the application, if it was not called before. The first thing that every method does which is about what happens. */
    final void begin() {
        if (begun) {
            return;
        }
        begun = true;
        Mono<Void> result;
        try {
            result = application.handle(scope, inbox, outbox);
            Objects.requireNonNull(result, "the application returned null (expected: a Mono)");
        } catch (Throwable failure) {
            result = Mono.error(failure);
        }
        result.subscribe(run);
    }

    /** Told of each event that the application sent, on its thread, without the lock. */
    abstract void taken(SendEvent event);

    /** Whether the application may fail with the peer's absence. */
    boolean isDisconnected() {
        return false;
    }

    /**
     * How long the driver waits for an application that works on other threads. A safety net: nothing ever waits longer than it must.
     *
     * @param limit the time, 5 s by default
     */
    public final void timeout(Duration limit) {
        timeout = Objects.requireNonNull(limit, "limit");
    }

    /**
     * Moves virtual time, so that timers of the application fire.
     *
     * @param by the time
     * @throws IllegalStateException if there is no virtual time
     */
    public final void advanceTime(Duration by) {
        begin();
        if (!VirtualTimeScheduler.isFactoryEnabled()) {
            throw new IllegalStateException(
                    "virtual time: not enabled (expected: VirtualTimeScheduler.getOrSet() before the test)");
        }
        VirtualTimeScheduler.get().advanceTimeBy(by);
    }

    /**
     * Expects the next event of the application.
     *
     * @param type the type of the event
     * @param <E> the type of the event
     * @return the event, with bytes of its own
     * @throws AssertionError if it sends another one, ends, violates the contract, or sends nothing
     */
    public final <E extends SendEvent> E expect(Class<E> type) {
        begin();
        String expected = EventText.name(type);
        monitor.await(timeout, () -> outbox.hasUnseen() || ending != null || monitor.hasViolations());
        requireNoViolation(expected);
        SendEvent event = outbox.poll();
        if (event == null) {
            throw failed(expected, ending == null ? "has sent nothing" : endingText());
        }
        if (!type.isInstance(event)) {
            throw failed(expected, "sent " + EventText.of(event));
        }
        return type.cast(event);
    }

    /**
     * Expects that the application has sent nothing more and goes on. It says so of this moment: for an application that works on other threads
     * advance virtual time before, or expect something that comes later.
     *
     * @throws AssertionError if it has sent something, ended, or violated the contract
     */
    public final void expectNothing() {
        begin();
        requireNoViolation("nothing");
        requireNothingUnseen("nothing");
        if (isEnded()) {
            throw failed("nothing", endingText());
        }
    }

    /**
     * Expects that the application pulls an event, waiting until it does.
     *
     * @throws AssertionError if it does not
     */
    public final void expectPull() {
        begin();
        monitor.await(timeout, () -> inbox.isPulled() || ending != null || monitor.hasViolations());
        requireNoViolation("a pull");
        if (!inbox.isPulled()) {
            throw failed("a pull", isEnded() ? endingText() : "does not pull");
        }
    }

    /**
     * Expects that the application does not pull at this moment: it lets its peer wait.
     *
     * @throws AssertionError if it does
     */
    public final void expectNoPull() {
        begin();
        requireNoViolation("no pull");
        if (inbox.isPulled()) {
            throw failed("no pull", "pulls");
        }
    }

    /**
     * Expects that the application ends in order, waiting until it does: it completes with everything answered that must be and nothing sent that
     * the test has not seen. After a disconnect an end by {@link DisconnectedException} counts, after a cancellation the cancellation.
     *
     * @throws AssertionError if it does not
     */
    public final void expectEnd() {
        begin();
        awaitEnd("the end");
        requireNoViolation("the end");
        requireNothingUnseen("the end");
        boolean cut = isDisconnected() || ending == CANCELLED;
        boolean inOrder = cut
                ? ending instanceof DisconnectedException || !(ending instanceof Throwable)
                : ending == COMPLETED && outbox.order().isEnd();
        if (!inOrder) {
            throw failed("the end", endingText());
        }
    }

    /**
     * Expects that the application fails, waiting until it does, with nothing sent that the test has not seen.
     *
     * @param type the type of the failure; {@link ProtocolViolationException} takes a violation for seen
     * @param <T> the type of the failure
     * @return the failure
     * @throws AssertionError if it does not
     */
    public final <T extends Throwable> T expectFailure(Class<T> type) {
        begin();
        String expected = "a failure with " + type.getSimpleName();
        awaitEnd(expected);
        Object end = ending;
        if (type == ProtocolViolationException.class && type.isInstance(end)) {
            monitor.takeViolations();
        }
        requireNoViolation(expected);
        requireNothingUnseen(expected);
        if (!type.isInstance(end)) {
            throw failed(expected, endingText());
        }
        return type.cast(end);
    }

    /**
     * Expects that the application has violated the contract, waiting until it does. Violations so far count as seen afterwards.
     *
     * @return the first violation since the last call
     * @throws AssertionError if there is none
     */
    public final ProtocolViolationException expectViolation() {
        begin();
        monitor.await(timeout, () -> monitor.hasViolations() || ending != null);
        List<ProtocolViolationException> violations = monitor.takeViolations();
        if (violations.isEmpty()) {
            throw failed("a violation of the contract", isEnded() ? endingText() : "has done nothing wrong");
        }
        return violations.get(0);
    }

    /** From now on the transport takes no more: each send stays outstanding until it is released. A response's start completes all the same. */
    public final void hold() {
        outbox.hold();
    }

    /**
     * The transport takes the one event that waits, and no more.
     *
     * @throws AssertionError if none waits within the timeout
     */
    public final void releaseOne() {
        begin();
        monitor.await(timeout, () -> outbox.isHeld() || ending != null || monitor.hasViolations());
        requireNoViolation("a send that is held");
        if (!outbox.releaseOne()) {
            throw failed("a send that is held", isEnded() ? endingText() : "has sent nothing");
        }
    }

    /** The transport takes everything again. */
    public final void release() {
        begin();
        outbox.releaseAll();
    }

    /** Cancels the application, as a server does after the disconnect grace period. */
    public final void cancel() {
        begin();
        run.cancel();
        outbox.failWith(DisconnectedException::new);
    }

    /**
     * Cancels the application if it still runs.
     *
     * @throws AssertionError if it has violated the contract and no method here has said so
     */
    @Override
    public void close() {
        run.cancel();
        requireNoViolation("no violation");
    }

    private void awaitEnd(String expected) {
        monitor.await(timeout, () -> ending != null);
        if (!isEnded()) {
            requireNoViolation(expected);
            throw failed(expected, "goes on");
        }
    }

    private boolean isEnded() {
        return ending != null;
    }

    private void requireNothingUnseen(String expected) {
        List<String> unseen = outbox.unseen();
        if (!unseen.isEmpty()) {
            throw failed(expected, "sent " + String.join(", ", unseen));
        }
    }

    private void requireNoViolation(String expected) {
        List<ProtocolViolationException> violations = monitor.takeViolations();
        if (!violations.isEmpty()) {
            String messages = violations.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
            throw failed(expected, "violated the contract: " + messages, violations.get(0));
        }
    }

    private String endingText() {
        Object end = ending;
        if (end instanceof Throwable failure) {
            return "failed with " + failure;
        }
        return end + " in state " + outbox.order();
    }

    private AssertionError failed(String expected, String actual) {
        return failed(expected, actual, ending instanceof Throwable failure ? failure : null);
    }

    private AssertionError failed(String expected, String actual, @Nullable Throwable cause) {
        String state = isEnded()
                ? endingText()
                : "runs in state " + outbox.order() + (inbox.isPulled() ? ", pulls" : "")
                        + (outbox.isHeld() ? ", a send is held" : "");
        return new AssertionError(
                "expected: " + expected + ", but the application " + actual + "\n  sent so far: " + outbox.history()
                        + "\n  the application " + state,
                cause);
    }

    private void ended(Object how) {
        synchronized (monitor) {
            if (ending == null) {
                ending = how;
            }
            monitor.changed();
        }
    }

    /** The server's subscription. */
    private final class Run extends BaseSubscriber<Void> {
        @Override
        protected void hookOnComplete() {
            ended(COMPLETED);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            ended(failure);
        }

        @Override
        protected void hookOnCancel() {
            ended(CANCELLED);
        }
    }
}
