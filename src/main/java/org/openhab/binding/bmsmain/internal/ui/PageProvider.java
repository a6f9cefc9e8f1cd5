/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.ui;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.openhab.binding.bmsmain.internal.BmsMainBindingConstants;
import org.openhab.core.common.registry.AbstractProvider;
import org.openhab.core.common.registry.RegistryChangeListener;
import org.openhab.core.i18n.LocaleProvider;
import org.openhab.core.i18n.TranslationProvider;
import org.openhab.core.thing.Channel;
import org.openhab.core.thing.Thing;
import org.openhab.core.thing.ThingRegistry;
import org.openhab.core.thing.ThingUID;
import org.openhab.core.thing.link.ItemChannelLink;
import org.openhab.core.thing.link.ItemChannelLinkRegistry;
import org.openhab.core.ui.components.RootUIComponent;
import org.openhab.core.ui.components.UIComponentProvider;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

import com.google.gson.Gson;

/**
 * Provides one overview page per Thing, and one for all batteries if there are several. The pages follow changes of
 * Things, of links between Items and channels, and of persistence services. Nothing is polled.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
@Component(immediate = true, service = UIComponentProvider.class)
public class PageProvider extends AbstractProvider<RootUIComponent> implements UIComponentProvider {

    static final String NAMESPACE = "ui:page";
    /** Referenced by name, since the package is not needed otherwise. */
    static final String PERSISTENCE = "org.openhab.core.persistence.QueryablePersistenceService";

    private static final Comparator<ItemChannelLink> PLAIN_FIRST = Comparator.comparing(PageProvider::hasProfile)
            .thenComparing(ItemChannelLink::getItemName);

    private final ThingRegistry things;
    private final ItemChannelLinkRegistry links;
    private final BundleContext context;
    private final UiTexts texts;
    private final Gson gson = new Gson();
    /** Pages by Thing UID; the page of all batteries by its own UID. */
    private final Map<String, RootUIComponent> pages = new ConcurrentHashMap<>();
    /** Page data of each Thing; guarded by the lock below. */
    private final Map<ThingUID, OverviewPage> batteries = new HashMap<>();
    /** Held while a page is built and announced, so that the UI receives updates in the right order. */
    private final Object changes = new Object();

    private final RegistryChangeListener<Thing> thingListener = new RegistryChangeListener<>() {
        @Override
        public void added(Thing thing) {
            refresh(thing.getUID());
        }

        @Override
        public void removed(Thing thing) {
            refresh(thing.getUID());
        }

        @Override
        public void updated(Thing oldThing, Thing thing) {
            refresh(thing.getUID());
        }
    };
    private final RegistryChangeListener<ItemChannelLink> linkListener = new RegistryChangeListener<>() {
        @Override
        public void added(ItemChannelLink link) {
            refresh(link.getLinkedUID().getThingUID());
        }

        @Override
        public void removed(ItemChannelLink link) {
            refresh(link.getLinkedUID().getThingUID());
        }

        @Override
        public void updated(ItemChannelLink oldLink, ItemChannelLink link) {
            refresh(oldLink.getLinkedUID().getThingUID());
            refresh(link.getLinkedUID().getThingUID());
        }
    };
    private final ServiceListener persistenceListener = event -> {
        if (event.getType() != ServiceEvent.MODIFIED) {
            // a service that is unregistering is still in the service registry
            refreshAll(event.getType() == ServiceEvent.REGISTERED || countPersistence() > 1);
        }
    };

    @Activate
    public PageProvider(@Reference ThingRegistry things, @Reference ItemChannelLinkRegistry links,
            @Reference TranslationProvider translations, @Reference LocaleProvider locales, BundleContext context)
            throws InvalidSyntaxException {
        this.things = things;
        this.links = links;
        this.context = context;
        this.texts = new UiTexts(translations, locales, context.getBundle());
        things.addRegistryChangeListener(thingListener);
        links.addRegistryChangeListener(linkListener);
        context.addServiceListener(persistenceListener, "(objectClass=" + PERSISTENCE + ")");
        refreshAll(countPersistence() > 0);
    }

    @Deactivate
    public void deactivate() {
        context.removeServiceListener(persistenceListener);
        links.removeRegistryChangeListener(linkListener);
        things.removeRegistryChangeListener(thingListener);
    }

    @Override
    public Collection<RootUIComponent> getAll() {
        return List.copyOf(pages.values());
    }

    @Override
    public String getNamespace() {
        return NAMESPACE;
    }

    private void refreshAll(boolean history) {
        synchronized (changes) {
            things.getAll().forEach(thing -> read(thing.getUID()));
            showAll(history);
        }
    }

    private void refresh(ThingUID uid) {
        if (!BmsMainBindingConstants.BINDING_ID.equals(uid.getBindingId())) {
            return;
        }
        boolean history = countPersistence() > 0;
        synchronized (changes) {
            boolean severalBefore = areSeveral();
            @Nullable
            OverviewPage before = batteries.get(uid);
            read(uid);
            @Nullable
            OverviewPage now = batteries.get(uid);
            show(uid, history);
            if (severalBefore != areSeveral()) {
                showAll(history);
                return;
            }
            boolean changesCards = !Objects.equals(cardOf(before), cardOf(now));
            for (Map.Entry<ThingUID, OverviewPage> other : batteries.entrySet()) {
                if (before != null && other.getValue().hasMember(before)
                        || now != null && other.getValue().hasMember(now)) {
                    show(other.getKey(), history);
                    changesCards = true;
                }
            }
            if (changesCards) {
                showOverview();
            }
        }
    }

    private static @Nullable Map<String, Object> cardOf(@Nullable OverviewPage battery) {
        return battery == null || !battery.isListed() ? null : battery.card();
    }

    /** Updates the page data of a Thing from the Thing and its links. */
    private void read(ThingUID uid) {
        @Nullable
        Thing thing = BmsMainBindingConstants.BINDING_ID.equals(uid.getBindingId()) ? things.get(uid) : null;
        if (thing == null) {
            batteries.remove(uid);
        } else {
            batteries.put(uid, new OverviewPage(thing, itemsOf(thing), texts));
        }
    }

    private boolean areSeveral() {
        return batteries.values().stream().filter(OverviewPage::isListed).count() > 1;
    }

    private void showAll(boolean history) {
        batteries.keySet().forEach(uid -> show(uid, history));
        showOverview();
    }

    private void show(ThingUID uid, boolean history) {
        @Nullable
        OverviewPage battery = batteries.get(uid);
        show(uid.getAsString(),
                battery == null ? null : battery.build(!areSeveral(), history, List.copyOf(batteries.values())));
    }

    /** Shows or removes the page of all batteries, a single sidebar entry if there are several. */
    private void showOverview() {
        show(OverviewPage.ALL, areSeveral() ? OverviewPage.ofAll(List.copyOf(batteries.values()), texts) : null);
    }

    private void show(String key, @Nullable RootUIComponent page) {
        @Nullable
        RootUIComponent old = page == null ? pages.remove(key) : pages.put(key, page);
        if (page == null) {
            if (old != null) {
                notifyListenersAboutRemovedElement(old);
            }
        } else if (old == null) {
            notifyListenersAboutAddedElement(page);
        } else if (!Objects.equals(gson.toJson(old), gson.toJson(page))) {
            notifyListenersAboutUpdatedElement(old, page);
        } else {
            pages.put(key, old);
        }
    }

    /**
     * Selects one Item per channel: one without a profile if possible, then the first by name. Links of removed
     * channels, such as those of control channels, are ignored.
     */
    private Map<String, String> itemsOf(Thing thing) {
        Map<String, String> items = new HashMap<>();
        thing.getChannels().stream().map(Channel::getUID).forEach(channel -> links.getLinks(channel).stream()
                .min(PLAIN_FIRST).ifPresent(link -> items.put(channel.getId(), link.getItemName())));
        return items;
    }

    private static boolean hasProfile(ItemChannelLink link) {
        Object profile = link.getConfiguration().get("profile");
        return profile != null && !"system:default".equals(profile);
    }

    private int countPersistence() {
        try {
            var references = context.getAllServiceReferences(PERSISTENCE, null);
            return references == null ? 0 : references.length;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
