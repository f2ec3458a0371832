package io.asyncgateway.server;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One run of the application, whatever the protocol: it is called here, its end comes in here, and here it is told that its peer is gone, cancelled after the grace
 * period or at its deadline, and counted out. What is received and sent is the subclass's.
 *
 * <p>Confined to the event loop of its connection: a call from another thread comes back as a task.
 *
 * <pre>
 *   running ──► peer gone ──(application ends)──► left
 *                         ──(grace passes)──────► cancelled ──► left
 *   running ──(application ends)────────────────► left
 *   running ──(deadline)────────────────────────► cancelled ──► left
 * </pre>
 */
abstract class Exchange implements Receive, Send, CoreSubscriber<Void> {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    final ServerContext context;
    final EventLoop loop;
    final Addresses addresses;

    private @Nullable RequestScope scope;
    private @Nullable Subscription application;
    private boolean applicationEnded;
    private boolean gone;
    private boolean expired;
    private boolean cancelled;
    private @Nullable SendOperation pendingSend;
    private @Nullable ScheduledFuture<?> graceTimer;
    private @Nullable ScheduledFuture<?> deadlineTimer;
    private @Nullable Instant deadlineAt;
    private final long startNanos;
    private final @Nullable Instant start;
    private boolean logged;
    private boolean remembered;

    // Made when they are first asked for, from any thread.
    private volatile @Nullable Signal disconnected;
    private volatile @Nullable Signal deadline;

    Exchange(ServerContext context, EventLoop loop, Addresses addresses) {
        this.context = context;
        this.loop = loop;
        this.addresses = addresses;
        this.start = context.logsAccess ? Instant.now() : null;
        this.startNanos = context.logsAccess ? System.nanoTime() : 0;
    }

    // ----------------------------------------------------------------------------------------- what a subclass is told

    /** Sends an event now; {@code false} if its operation has to wait for {@link #sendCompleted}. */
    abstract boolean perform(SendEvent event);

    /** What was sent is through to its caller: time to go on with the connection where the exchange has ended. */
    abstract void afterSend();

    /** The application ended, by a failure or not, before its exchange had. */
    abstract void endedEarly(@Nullable Throwable failure);

    /** The deadline passed before the exchange had ended. */
    abstract void deadlinePassed();

    /** A receiver that waits is to be told of {@link #isGone()} or {@link #isExpired()}. */
    abstract void wakeReceiver();

    /** Whether the protocol's part is over: the response is complete or aborted, the WebSocket closed. */
    abstract boolean isOver();

    /** The application has ended or was cancelled, and will receive nothing more. */
    void applicationLeft() {}

    // ----------------------------------------------------------------------------------------- running the application

    /** What the exchange is about; before anything else. */
    void describe(RequestScope requestScope) {
        scope = requestScope;
    }

    /** Calls the application. */
    void run(Duration limit) {
        RequestScope requestScope = scope();
        if (!limit.isZero()) {
            deadlineAt = Instant.now().plus(limit);
            deadlineTimer = loop.schedule(this::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        }
        try {
            Mono<Void> result = context.application.handle(requestScope, this, this);
            if (isNull(result)) {
                throw new NullPointerException("the application returned null (expected: a Mono)");
            }
            result.subscribe(this);
        } catch (Throwable failure) { // also what Reactor does not carry, such as a class that is missing
            ended(failure);
        }
    }

    /** The contract rules null out, but applications are written by people. */
    private static boolean isNull(@Nullable Object result) {
        return result == null;
    }

    RequestScope scope() {
        RequestScope known = scope;
        if (known == null) {
            throw new IllegalStateException("not described yet");
        }
        return known;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(application, subscription)) {
            application = subscription;
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable failure) {
        ended(failure);
    }

    @Override
    public void onComplete() {
        ended(null);
    }

    private void ended(@Nullable Throwable failure) {
        if (loop.inEventLoop()) {
            applicationEnded(failure);
            return;
        }
        try {
            loop.execute(() -> applicationEnded(failure));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("an application ended after its server", failure);
        }
    }

    private void applicationEnded(@Nullable Throwable failure) {
        if (applicationEnded) {
            return;
        }
        applicationEnded = true;
        if (!isOver()) {
            endedEarly(failure);
        } else if (failure != null && !expired && (!gone || failure instanceof ProtocolViolationException)) {
            Failures.report(scope(), failure, true);
        }
        leave();
    }

    private void leave() {
        if (graceTimer != null) {
            graceTimer.cancel(false);
        }
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        if (remembered) {
            context.forget(this);
        }
        applicationLeft();
        context.leave();
    }

    /** The exchange is over for its connection. If the application goes on, it is on its own. */
    void detach() {
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        if (!applicationEnded) {
            remember();
        }
    }

    /** So that a shutdown that is forced can still cancel the application. */
    private void remember() {
        remembered = true;
        context.detach(this);
    }

    /** Cancels the application's subscription; from any thread. */
    void cancelApplication() {
        if (!loop.inEventLoop()) {
            loop.execute(this::cancelApplication);
            return;
        }
        if (applicationEnded || cancelled) {
            return;
        }
        cancelled = true;
        applicationEnded = true;
        Subscription current = application;
        if (current != null) {
            current.cancel();
        }
        leave();
    }

    // ------------------------------------------------------------------------------------ the peer leaves, time passes

    boolean isGone() {
        return gone;
    }

    boolean isExpired() {
        return expired;
    }

    /** The peer is gone before the exchange was over. */
    void peerGone() {
        if (gone || expired) {
            return;
        }
        gone = true;
        Signal signal = disconnected;
        if (signal != null) {
            signal.fire();
        }
        wakeReceiver();
        failPendingSend(new DisconnectedException());
        if (!applicationEnded) {
            remember();
            long grace = context.config.timeouts().disconnectGrace().toNanos();
            graceTimer = loop.schedule(this::cancelApplication, grace, TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        if (gone || isOver() || applicationEnded) {
            return;
        }
        expired = true;
        Signal signal = deadline;
        if (signal != null) {
            signal.fire();
        }
        wakeReceiver();
        failPendingSend(new DeadlineExceededException());
        deadlinePassed();
        cancelApplication();
    }

    Mono<Void> disconnected() {
        Signal known = disconnected;
        if (known == null) {
            synchronized (this) {
                known = disconnected;
                if (known == null) {
                    known = new Signal();
                    disconnected = known;
                    catchUp(known, true);
                }
            }
        }
        return known;
    }

    Mono<Void> deadline() {
        Signal known = deadline;
        if (known == null) {
            synchronized (this) {
                known = deadline;
                if (known == null) {
                    known = new Signal();
                    deadline = known;
                    catchUp(known, false);
                }
            }
        }
        return known;
    }

    /** What happened before somebody asked is looked up on the loop, where it is known. */
    private void catchUp(Signal signal, boolean ofDisconnect) {
        if (loop.inEventLoop()) {
            if (ofDisconnect ? gone : expired) {
                signal.fire();
            }
        } else if (!loop.isShuttingDown()) {
            loop.execute(() -> catchUp(signal, ofDisconnect));
        }
    }

    @Nullable
    Instant deadlineAt() {
        return deadlineAt;
    }

    // ------------------------------------------------------------------------------------------------ sending

    @Override
    public Mono<Void> send(SendEvent event) {
        return new SendOperation(this, event);
    }

    /** Performs an operation on the loop; {@code true} if it is complete, {@code false} if it will be. */
    boolean start(SendOperation operation) {
        if (gone) {
            throw new DisconnectedException();
        }
        if (expired) {
            throw new DeadlineExceededException();
        }
        if (pendingSend != null) {
            throw new ProtocolViolationException(
                    "send: a second event while the first is outstanding (expected: wait for each before the next)");
        }
        if (perform(operation.event())) {
            return true;
        }
        if (gone) {
            throw new DisconnectedException(); // which the flush has found out
        }
        pendingSend = operation;
        return false;
    }

    /** Whether an event has to wait. */
    boolean isSendPending() {
        return pendingSend != null;
    }

    /** The event that had to wait is through. */
    void sendCompleted() {
        SendOperation operation = takePendingSend();
        if (operation != null) {
            operation.complete();
        }
        afterSend();
    }

    /** The event that had to wait will not get through. */
    void failPendingSend(Throwable failure) {
        SendOperation operation = takePendingSend();
        if (operation != null) {
            operation.fail(failure);
        }
    }

    /** The send that is outstanding, which is the caller's to end from now on. */
    @Nullable
    SendOperation takePendingSend() {
        SendOperation operation = pendingSend;
        pendingSend = null;
        return operation;
    }

    // ------------------------------------------------------------------------------------------------ access log

    void logAccess(int status, long bodyBytes, boolean aborted) {
        Instant began = start;
        if (began == null || logged) {
            return;
        }
        logged = true;
        Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
        try {
            context.config.accessLog().ended(new AccessLog.Entry(scope(), status, bodyBytes, began, duration, aborted));
        } catch (RuntimeException failure) {
            LOG.error("access log failed", failure);
        }
    }
}
