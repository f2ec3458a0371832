package io.asyncgateway.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Several applications as one, each under a path of its own.
 *
 * <pre>{@code
 * Application site = Mount.builder()
 *         .at("/legacy", legacy)
 *         .at("/chat", chat)
 *         .otherwise(reactive)
 *         .build();
 * }</pre>
 *
 * <p><b>Requests and WebSockets</b> go to the application with the longest path that their {@linkplain RequestScope#localPath() local path} begins with, up to the
 * border of a segment: {@code /legacy} and {@code /legacy/orders}, but not {@code /legacyorders}. Paths are compared decoded and case-sensitive, and dot segments are
 * not resolved. The application sees its path as part of its {@linkplain RequestScope#rootPath() root path}; nothing else is changed. Where none fits and there is no
 * {@code otherwise}, the answer is 404.
 *
 * <p><b>The lifespan</b> goes to all of them, with the same settings and the same {@link State}. They start one after the other in the order in which they were
 * given, and stop in the opposite order. Where one can't start those before it are stopped, and the start of the whole fails. One that can't stop does not keep the others
 * from it. An application without a lifespan is left out; one that is mounted twice lives twice.
 *
 * <p>A mount is an application like any other, and can be mounted. Immutable.
 */
public final class Mount implements Application {
    private static final Logger LOG = Loggers.getLogger(Mount.class);

    /** One application under its path, which is empty for the rest. */
    private record Place(String path, Application application) {
        boolean holds(String localPath) {
            return localPath.startsWith(path)
                    && (path.isEmpty()
                            || localPath.length() == path.length()
                            || localPath.charAt(path.length()) == '/');
        }

        @Override
        public String toString() {
            return path.isEmpty() ? "otherwise" : path;
        }
    }

    /** In the order of their starts. */
    private final List<Place> places;

    /** The longest path first. */
    private final List<Place> routes;

    private Mount(List<Place> places) {
        this.places = List.copyOf(places);
        this.routes = places.stream()
                .sorted(Comparator.comparingInt((Place place) -> place.path().length())
                        .reversed())
                .toList();
    }

    /**
     * A builder without applications.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        if (scope instanceof LifespanScope life) {
            return live(life, receive, send);
        }
        RequestScope request = (RequestScope) scope;
        Place place = route(request.localPath());
        if (place == null) {
            return Mono.error(new RequestException(404, "nothing is mounted at " + request.path()));
        }
        return place.application().handle(mounted(request, place.path()), receive, send);
    }

    private @Nullable Place route(String localPath) {
        for (Place place : routes) {
            if (place.holds(localPath)) {
                return place;
            }
        }
        return null;
    }

    private static Scope mounted(RequestScope scope, String path) {
        if (path.isEmpty()) {
            return scope;
        }
        String rootPath = scope.rootPath() + path;
        return scope instanceof HttpScope http
                ? http.withRootPath(rootPath)
                : ((WebSocketScope) scope).withRootPath(rootPath);
    }

    // ------------------------------------------------------------------------------------------------ lifespan

    private Mono<Void> live(LifespanScope scope, Receive receive, Send send) {
        return Mono.defer(() -> {
            List<Life> lives =
                    places.stream().map(place -> new Life(place, scope)).toList();
            return LifespanApplication.of(whole -> start(lives), whole -> stop(lives))
                    .handle(scope, receive, send)
                    .doOnCancel(() -> lives.forEach(Life::cancel));
        });
    }

    private static Mono<Void> start(List<Life> lives) {
        return Flux.fromIterable(lives).concatMap(Life::start).then().onErrorResume(failure -> stop(lives)
                .onErrorComplete()
                .then(Mono.error(failure)));
    }

    /** All of them, whatever happens to one; those that have not started have nothing to do. */
    private static Mono<Void> stop(List<Life> lives) {
        List<Life> reversed = new ArrayList<>(lives);
        Collections.reverse(reversed);
        List<Throwable> failures = new ArrayList<>(); // of one after the other
        return Flux.fromIterable(reversed)
                .concatMap(life -> life.stop().onErrorResume(failure -> {
                    failures.add(failure);
                    return Mono.empty();
                }))
                .then(Mono.defer(() -> failures.isEmpty() ? Mono.empty() : Mono.error(joined(failures))));
    }

    private static Throwable joined(List<Throwable> failures) {
        String message = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
        LifespanException joined =
                new LifespanException(message, failures.get(0).getCause());
        failures.stream().skip(1).forEach(joined::addSuppressed);
        return joined;
    }

    /** The lifespan of one application. */
    private static final class Life {
        private final Place place;
        private final LifespanRun run;

        Life(Place place, LifespanScope whole) {
            this.place = place;
            this.run = new LifespanRun(
                    place.application(),
                    place.path().isEmpty() ? whole : whole.withRootPath(whole.rootPath() + place.path()),
                    failure -> LOG.error("{}: failed in its lifespan; the others go on", place, failure));
        }

        Mono<Void> start() {
            return run.start()
                    .onErrorResume(UnsupportedScopeException.class, none -> Mono.empty())
                    .onErrorMap(this::named);
        }

        Mono<Void> stop() {
            return run.stop().onErrorMap(this::named);
        }

        void cancel() {
            run.cancel();
        }

        private Throwable named(Throwable failure) {
            return new LifespanException(place + ": " + failure.getMessage(), failure.getCause());
        }
    }

    /** Collects applications. Not safe for use from several threads. */
    public static final class Builder {
        private final List<Place> places = new ArrayList<>();

        private Builder() {}

        /**
         * Mounts an application.
         *
         * @param path begins with {@code /} and does not end with it; decoded
         * @param application sees the path as part of its root path
         * @return this
         * @throws IllegalArgumentException if it is no such path, or has an application already
         */
        public Builder at(String path, Application application) {
            if (path.length() < 2 || path.charAt(0) != '/' || path.endsWith("/")) {
                throw new IllegalArgumentException(
                        "path: \"" + path + "\" (expected: begins with / and does not end with it)");
            }
            return add(new Place(path, application));
        }

        /**
         * Gives whatever is mounted nowhere to an application.
         *
         * @param application sees the root path of the whole
         * @return this
         * @throws IllegalArgumentException if there is one already
         */
        public Builder otherwise(Application application) {
            return add(new Place("", application));
        }

        private Builder add(Place place) {
            Objects.requireNonNull(place.application(), "application");
            if (places.stream().anyMatch(other -> other.path().equals(place.path()))) {
                throw new IllegalArgumentException("path: " + place + " (expected: one application for each path)");
            }
            places.add(place);
            return this;
        }

        /**
         * All of them as one.
         *
         * @return the application; the builder can be used further
         */
        public Mount build() {
            return new Mount(places);
        }
    }
}
