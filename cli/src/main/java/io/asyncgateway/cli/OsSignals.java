package io.asyncgateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * The signals of the operating system, by {@code sun.misc.Signal}: the JVM has nothing else for it, and its own handling of SIGTERM ends
 * with exit code 143 after hooks whose order nobody knows. By reflection, because the compiler warns of each use and has no way to
 * accept one.
 */
final class OsSignals implements Signals {
    @Override
    public void onStop(Handler handler) {
        for (StopSignal each : StopSignal.values()) {
            handle(each.name(), () -> handler.received(each));
        }
    }

    @Override
    public void onReload(Runnable handler) {
        handle("HUP", handler);
    }

    private static void handle(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> callback = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    OsSignals.class.getClassLoader(),
                    new Class<?>[] {callback},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            handler.run();
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> "handler of SIG" + name;
                    });
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, callback).invoke(null, instance, proxy);
        } catch (InvocationTargetException e) {
            // The JVM was told to leave signals alone (-Xrs), or uses this one itself.
            warn(name, String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            warn(name, e.toString());
        }
    }

    private static void warn(String name, String cause) {
        LoggerFactory.getLogger(OsSignals.class)
                .warn("SIG{} can't be handled, so it ends the process at once: {}", name, cause);
    }
}
