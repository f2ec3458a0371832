package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryGapException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends a member what it missed, and lets it in at the point where it has got everything.
 *
 * <p>Before the member is let in it is brought as near to the present as its peer's speed allows, so that its bounded queue need not hold what is broadcast during
 * a long replay. The last stretch is sent while the queue collects.
 *
 * <p>Used for one join; confined to its signals, which come one after the other.
 */
final class Replayer {
    private static final int MAX_ROUNDS = 5;

    /** How often it goes on where the history begins by now, when that has dropped entries before they were read. */
    private static final int MAX_GAPS = 5;

    /** So few are left for the last stretch. */
    private static final int FEW = 8;

    private final ActiveRoom room;
    private final History history;
    private final LocalMember member;
    private final JoinOptions options;

    /** Up to here the member has got everything that is to be had. */
    private @Nullable EntryId sent;

    private int limit;
    private long count;
    private boolean complete = true;

    Replayer(ActiveRoom room, History history, LocalMember member, JoinOptions options) {
        this.room = room;
        this.history = history;
        this.member = member;
        this.options = options;
    }

    /** Completes when the member is in, and its queue may go. */
    Mono<Replay> run() {
        return Mono.defer(() -> {
            EntryId lastSeen = options.lastSeen();
            sent = lastSeen;
            limit = lastSeen == null ? options.maxReplay() : options.maxResume();
            if (lastSeen == null || !lastSeen.isAfter(room.membership().position())) {
                return catchUp(0);
            }
            // Another node was faster than this one, or nobody knows of that id.
            return room.inTime(history.latest(room.key())).flatMap(latest -> {
                if (lastSeen.isAfter(latest)) {
                    complete = false;
                    sent = null;
                    limit = options.maxReplay();
                }
                return catchUp(0);
            });
        });
    }

    private Mono<Replay> catchUp(int round) {
        EntryId now = room.membership().position();
        if (round == MAX_ROUNDS || !now.isAfter(sent)) {
            return enter();
        }
        long before = count;
        return send(now).then(Mono.defer(() -> count - before <= FEW ? enter() : catchUp(round + 1)));
    }

    private Mono<Replay> enter() {
        EntryId position = member.enter(sent);
        return position.isAfter(sent)
                ? send(position).then(Mono.fromSupplier(() -> done(position)))
                : Mono.just(done(position));
    }

    private Replay done(EntryId position) {
        return new Replay(count, complete, position);
    }

    /** Sends what there is behind {@link #sent}, which moves on. */
    private Mono<Void> send(EntryId through) {
        EntryId after = sent;
        int most = limit;
        sent = through;
        limit = options.maxResume();
        if (after == null && most == 0) {
            return Mono.empty();
        }
        return send(after, through, most, after == null, MAX_GAPS);
    }

    private Mono<Void> send(@Nullable EntryId after, EntryId through, int most, boolean isNew, int gaps) {
        return room.inTime(history.range(room.key(), after, through, most)).flatMap(range -> {
            long before = count;
            // Of who comes for the first time nobody knows what it should have.
            complete &= isNew || range.complete();
            return range.entries().concatMap(this::send, 1).then().onErrorResume(HistoryGapException.class, gap -> {
                complete &= isNew;
                EntryId rest = gap.resumeAfter();
                int left = (int) Math.max(0, most - (count - before));
                return gaps > 0 && rest.isAfter(after) && through.isAfter(rest)
                        ? send(rest, through, left, isNew, gaps - 1)
                        : Mono.empty();
            });
        });
    }

    private Mono<Void> send(Entry entry) {
        var message = room.encode(entry.id(), entry.payload());
        if (message == null) {
            return Mono.empty();
        }
        return member.session().send(message.event()).doOnSuccess(taken -> {
            count++;
            room.counters().replayed();
        });
    }
}
