using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Packs;
using HarvestTools.Space;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>
/// Says what becomes of each object: by what needs it, by how long it is in quarantine, and by what is packed as a patch against it. A patch
/// without its anchor cannot be read, so an anchor stays for as long as one of its patches does, and comes back with it. What slices name that
/// were let go stays in quarantine, beyond its days too, until they are named once more.
/// </summary>
internal sealed class ObjectStates
{
    private readonly ReachableObjects _all;
    private readonly DateOnly _today;
    private readonly long _quarantineDays;
    private readonly SortedDictionary<string, StoredEntry> _stored = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, AsideEntry> _aside = new(StringComparer.Ordinal);

    /// <param name="all">What is needed.</param>
    /// <param name="stored">The objects that the archive has, in each form.</param>
    /// <param name="aside">Those in quarantine.</param>
    /// <param name="today">The present day.</param>
    /// <param name="quarantineDays">How long one is there.</param>
    public ObjectStates(ReachableObjects all, IEnumerable<StoredObject> stored, IEnumerable<SetAsideObject> aside, DateOnly today, long quarantineDays)
    {
        (_all, _today, _quarantineDays) = (all, today, quarantineDays);
        foreach (IGrouping<string, StoredObject> forms in stored.GroupBy(static one => one.Sha256, StringComparer.Ordinal))
        {
            string state = !all.Contains(forms.Key) ? ObjectState.Quarantined : all.OnlyOld(forms.Key) ? ObjectState.Proposed : ObjectState.Kept;
            StoredPack? pack = forms.Where(static one => one.Packed).Select(static one => (StoredPack?)new StoredPack(one.Sha256, one.Bytes, one.Path)).FirstOrDefault();
            _stored.Add(forms.Key, new StoredEntry(state, forms.Sum(static one => one.Bytes), pack is not null, pack is { } file ? PackFolder.TryLayout(file) : null));
        }

        foreach (IGrouping<string, SetAsideObject> copies in aside.GroupBy(static one => one.Sha256, StringComparer.Ordinal))
        {
            // Of an object that went twice the last time counts.
            SetAsideObject last = copies.MaxBy(static one => one.Since)!;
            _aside.Add(copies.Key, new AsideEntry(last.Since, copies.Sum(static one => one.Bytes), last.Since.AddDays((int)quarantineDays))
            {
                Released = last.Released,
                Needed = all.Contains(copies.Key) && !_stored.ContainsKey(copies.Key) && !(last.Released && all.OnlyUnlinked(copies.Key)),
                Waits = all.Contains(copies.Key) && !_stored.ContainsKey(copies.Key) && last.Released && all.OnlyUnlinked(copies.Key),
                Anchors = [.. copies.Where(static one => one.Packed).Select(static one => PackFolder.TryLayout(new StoredPack(one.Sha256, one.Bytes, one.Path))?.Anchor).OfType<string>()],
            });
        }

        // Once more after a change: what is here as plain bytes may be what others are patches against, and a patch besides.
        for (bool more = true; more;)
        {
            more = false;
            foreach ((string sha256, StoredEntry one) in _stored)
            {
                more |= one.Layout?.Anchor is { } anchor && Hold(anchor, sha256, one.State != ObjectState.Quarantined ? one.State : null, today.AddDays((int)quarantineDays));
            }

            foreach ((string sha256, AsideEntry one) in _aside)
            {
                foreach (string anchor in one.Anchors)
                {
                    more |= Hold(anchor, sha256, one.Needed ? ObjectState.Kept : null, one.Waits ? DateOnly.MaxValue : one.Until);
                }
            }
        }

        HoldForUnread();
    }

    /// <summary>All of them, by hash; an object that is in quarantine from before and in the archive again is there twice.</summary>
    /// <param name="nameOf">What an object is that nothing needs.</param>
    public IReadOnlyList<ReachedObject> List(Func<string, string> nameOf)
    {
        var objects = new List<ReachedObject>(_stored.Count + _aside.Count);
        foreach ((string sha256, StoredEntry one) in _stored)
        {
            objects.Add(new ReachedObject(sha256, What(sha256), one.Bytes, one.State, [.. _all.ReasonsOf(sha256), .. one.Holders]) { IsPatch = one.Layout?.Anchor is not null, Released = one.State == ObjectState.Quarantined && _all.Released.Contains(sha256) });
        }

        foreach ((string sha256, AsideEntry one) in _aside)
        {
            string state = one.Needed ? ObjectState.Returned : one.Until <= _today && !one.Waits ? ObjectState.Removed : ObjectState.Waiting;
            objects.Add(new ReachedObject(sha256, What(sha256), one.Bytes, state, [.. _all.ReasonsOf(sha256), .. one.Holders])
            {
                QuarantinedOn = Day(one.Since),
                RemovedFrom = Day(one.Until),
                IsPatch = one.Anchors.Count > 0,
                Released = one.Released,
            });
        }

        objects.Sort(static (a, b) => string.CompareOrdinal(a.Sha256, b.Sha256));
        return objects;

        string What(string sha256) => _all.WhatIs(sha256) ?? nameOf(sha256);
    }

    /// <summary>Keeps an anchor for as long as its patch: as it is kept, or, where nothing needs either, in quarantine until the same day.</summary>
    private bool Hold(string anchor, string patch, string? state, DateOnly until)
    {
        string reason = $"export {Figures.ShortHash(patch)}, which is packed as a patch against it";
        if (_stored.TryGetValue(anchor, out StoredEntry? stored))
        {
            return state is not null && stored.Raise(state, reason);
        }

        if (!_aside.TryGetValue(anchor, out AsideEntry? aside) || aside.Needed || (state is null && (aside.Waits || until <= aside.Until)))
        {
            return false;
        }

        if (state is not null)
        {
            aside.Needed = true;
            aside.Holders.Add(reason);
        }
        else if (until == DateOnly.MaxValue)
        {
            aside.Waits = true;
            aside.Holders.Add(reason);
        }
        else
        {
            aside.Until = until;
        }

        return true;
    }

    /// <summary>What a pack of a later release, or one with a damaged end, is a patch against is not known: every whole one may be.</summary>
    private void HoldForUnread()
    {
        foreach ((string sha256, _) in _stored.Where(static one => one.Value is { Packed: true, Layout: null } && one.Value.State != ObjectState.Quarantined).ToList())
        {
            foreach (StoredEntry one in _stored.Values.Where(static one => one.Packed && one.Layout?.Anchor is null))
            {
                _ = one.Raise(ObjectState.Kept, $"the pack of {Figures.ShortHash(sha256)}, which cannot be read and may be a patch against it");
            }
        }
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed class StoredEntry(string state, long bytes, bool packed, PackLayout? layout)
    {
        public string State { get; private set; } = state;

        public long Bytes { get; } = bytes;

        public bool Packed { get; } = packed;

        public PackLayout? Layout { get; } = layout;

        public List<string> Holders { get; } = [];

        /// <summary>What is needed for itself needs no other reason.</summary>
        public bool Raise(string to, string reason)
        {
            if (State == to || State == ObjectState.Kept)
            {
                return false;
            }

            State = to;
            Holders.Add(reason);
            return true;
        }
    }

    private sealed class AsideEntry(DateOnly since, long bytes, DateOnly until)
    {
        public DateOnly Since { get; } = since;

        public long Bytes { get; } = bytes;

        public DateOnly Until { get; set; } = until;

        public bool Needed { get; set; }

        /// <summary>Stays in quarantine beyond its days: slices that were let go name it, or what is packed against it.</summary>
        public bool Waits { get; set; }

        public bool Released { get; init; }

        public IReadOnlyList<string> Anchors { get; init; } = [];

        public List<string> Holders { get; } = [];
    }
}
