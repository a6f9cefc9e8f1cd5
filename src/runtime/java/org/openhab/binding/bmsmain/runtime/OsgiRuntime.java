/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * An OSGi framework with the minimal openHAB of <code>runtime.host</code> and, once installed, the binding's JAR as
 * users install it.
 * <p>
 * All files come from the build directory: the framework from <code>framework</code>, the bundles from
 * <code>bundles</code>. The framework stores its files in a separate directory that only this user can read and
 * that is deleted at the end.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
public final class OsgiRuntime implements AutoCloseable {

    /** The frameworks that can be started. */
    public enum Kind {
        /** The framework that openHAB uses. */
        EQUINOX("org.eclipse.osgi.jar"),
        /** The other widely used framework. */
        FELIX("org.apache.felix.framework.jar");

        private final String file;

        Kind(String file) {
            this.file = file;
        }
    }

    /**
     * One class loader per framework, kept for the lifetime of this process. Equinox registers its URL handler for
     * the whole process, and the first loader must still provide its classes when a later framework stops.
     */
    private static final Map<Path, ClassLoader> LOADERS = new ConcurrentHashMap<>();

    private static final String LOG_FILE = "org.slf4j.simpleLogger.logFile";
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private final Path storage;
    private final Path log;
    private final Framework framework;
    private final Map<String, @Nullable String> formerProperties = new HashMap<>();
    private final Thread cleaner = new Thread(this::delete);

    private OsgiRuntime(Kind kind, Path build, Locale locale, String logLevel) throws IOException, BundleException {
        storage = Files.createTempDirectory("bmsmain-osgi");
        log = storage.resolve("openhab.log");
        Runtime.getRuntime().addShutdownHook(cleaner);
        setProperty(LOG_FILE, log.toString());
        setProperty(LOG_LEVEL, logLevel);
        Path jar = build.resolve("framework").resolve(kind.file).toAbsolutePath();
        URL url = url(jar);
        ClassLoader loader = LOADERS.computeIfAbsent(jar,
                any -> new URLClassLoader(new URL[] { url }, OsgiRuntime.class.getClassLoader()));
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class, loader).findFirst()
                .orElseThrow(() -> new IOException("No OSGi framework in " + build.resolve("framework")));
        framework = factory.newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString(),
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT, "felix.log.level",
                "1", "bmsmain.host.locale", locale.toLanguageTag(),
                // HostClient and its types are the same classes inside and outside
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, HostClient.class.getPackageName()));
        // threads that bundles start inherit it: libraries in the bundles must not find services of our class path
        Thread caller = Thread.currentThread();
        ClassLoader former = caller.getContextClassLoader();
        caller.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            startAll(build);
        } finally {
            caller.setContextClassLoader(former);
        }
    }

    private void startAll(Path build) throws IOException, BundleException {
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> files = Files.list(build.resolve("bundles"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jar")).sorted().toList()) {
                bundles.add(install(file));
            }
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    /**
     * Starts a framework and the minimal openHAB in it.
     *
     * @param kind the framework
     * @param build the build directory, with <code>framework</code> and <code>bundles</code>
     * @param locale the system language
     * @param logLevel level of {@link #log()}: <code>trace</code>, <code>debug</code>, <code>info</code>,
     *            <code>warn</code> or <code>error</code>
     * @return the running framework
     * @throws IOException if a file is missing
     * @throws BundleException if a bundle does not resolve or start
     */
    public static OsgiRuntime start(Kind kind, Path build, Locale locale, String logLevel)
            throws IOException, BundleException {
        return new OsgiRuntime(kind, build, locale, logLevel);
    }

    private void setProperty(String name, String value) {
        formerProperties.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private static URL url(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("Missing: " + file + ". Run: mvn package");
        }
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param jar a bundle
     * @return the installed bundle, not started
     * @throws IOException if the file cannot be read
     * @throws BundleException if the framework rejects it
     */
    public Bundle install(Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            return framework.getBundleContext().installBundle(jar.toUri().toString(), in);
        }
    }

    /**
     * Replaces a bundle by the content of a file, as the add-ons folder does: the former content is stopped, the
     * new one started.
     *
     * @param bundle the bundle
     * @param jar its new content
     * @throws IOException if the file cannot be read
     * @throws BundleException if the new content does not resolve or start
     */
    public void update(Bundle bundle, Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    /**
     * @return the minimal openHAB, as seen from outside the framework
     * @throws IllegalStateException if it does not run
     */
    public HostClient host() {
        BundleContext context = framework.getBundleContext();
        ServiceReference<HostClient> reference = context.getServiceReference(HostClient.class);
        HostClient host = reference == null ? null : context.getService(reference);
        if (host == null) {
            throw new IllegalStateException("The host bundle is not running");
        }
        return host;
    }

    /**
     * @param type the full name of a service type
     * @param symbolicName a bundle
     * @return number of services of that type that the bundle offers at present
     */
    public long services(String type, String symbolicName) {
        try {
            ServiceReference<?>[] found = framework.getBundleContext().getAllServiceReferences(type, null);
            return Stream.of(found == null ? new ServiceReference<?>[0] : found).map(ServiceReference::getBundle)
                    .filter(bundle -> bundle != null && bundle.getSymbolicName().equals(symbolicName)).count();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The log file of all bundles. It is deleted at the end. */
    public Path log() {
        return log;
    }

    /**
     * Stops everything and deletes the directory.
     */
    @Override
    public void close() {
        try {
            framework.stop();
            if (framework.waitForStop(20_000).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                throw new IllegalStateException("The OSGi framework does not stop within 20 s");
            }
        } catch (BundleException e) {
            throw new IllegalStateException("The OSGi framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            formerProperties.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
            delete();
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(storage)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // the remaining files are in the system's temporary directory
        }
    }
}
