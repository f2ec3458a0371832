package io.asyncgateway.websocket.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;

/**
 * Goes round a set that changes, a portion at a time: in each round of so many portions everything comes once that was there when the round began. Not thread-safe.
 */
final class Rounds<T> {
    private final int portions;
    private final Queue<T> rest = new ArrayDeque<>();
    private int portion;
    private int size;

    Rounds(int portions) {
        this.portions = portions;
    }

    /** The next portion; what was taken out of the set during the round may still be in it. */
    List<T> next(Collection<T> all) {
        if (portion == 0) {
            rest.addAll(all);
            size = (rest.size() + portions - 1) / portions;
        }
        portion = (portion + 1) % portions;
        List<T> next = new ArrayList<>(size);
        while (next.size() < size && !rest.isEmpty()) {
            next.add(rest.remove());
        }
        return next;
    }
}
