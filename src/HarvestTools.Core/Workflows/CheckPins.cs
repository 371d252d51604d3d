using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Says what of a slice's pins is other now. What is missing or cannot be read is a finding, and stops nothing.</summary>
public static class CheckPins
{
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice; null for the newest.</param>
    /// <param name="context">Cancellation.</param>
    /// <returns>One entry a pin, in the order of slice.json; none where the slice pins nothing.</returns>
    /// <exception cref="HarvestException">SliceNotFound; the slice cannot be read.</exception>
    public static IReadOnlyList<SlicePin> Run(Repository repository, string? version, WorkContext context)
    {
        SliceManifest slice = version is not null ? repository.Slices.Load(version, context.Cancellation)
            : repository.Slices.Newest(repository.Slices.Unreadable(context.Cancellation)) ?? throw PinErrors.NoSliceToPin();
        return slice.Pins is { } pins ? [.. new Comparison(repository, slice.Version, context).All(pins)] : [];
    }

    private sealed class Comparison(Repository repository, string version, WorkContext context)
    {
        public IEnumerable<SlicePin> All(SlicePins pins)
        {
            if (pins.GitCommit is { } commit)
            {
                yield return Commit(commit, pins.GitDirty);
            }

            foreach (PinnedFile file in pins.Dependencies)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                yield return Guarded(PinKind.File, file.Path, Short(file.Sha256), () => File(file));
            }

            foreach (PinnedParameters pinned in pins.Parameters)
            {
                yield return Guarded(PinKind.Parameters, pinned.ToString(), Short(pinned.Sha256 ?? pinned.ValuesSha256), () => Parameters(pinned));
            }

            foreach ((string name, JsonNode? seed) in Named(pins.Seeds, "seed"))
            {
                yield return Field(PinKind.Seed, name, seed, Named(repository.Settings.Pins.Seeds, "seed"), $"No seed is named in {HarvestSettings.FileName} to compare with.");
            }

            if (pins.Hardware is not null)
            {
                // Words are nothing that a machine can be compared with.
                JsonObject? machine = pins.Hardware is JsonObject ? Hardware.Read() : null;
                foreach ((string name, JsonNode? part) in Named(pins.Hardware, "hardware"))
                {
                    yield return Field(PinKind.Hardware, name, part, machine is null ? [] : Named(machine, "hardware"), "It is recorded in words, and not compared.");
                }
            }
        }

        private SlicePin Commit(string recorded, bool dirty)
        {
            string shown = Shown(recorded, dirty);
            GitState? now = GitState.TryRead(repository.Root, repository.Settings.SlicesFolder);
            if (now is null)
            {
                return new SlicePin(version, PinKind.Commit, "commit", shown, null, PinStatus.Missing, "This is no git checkout now, or one without a commit.");
            }

            string actual = Shown(now.Commit, now.Dirty);
            bool same = now.Commit.StartsWith(recorded, StringComparison.OrdinalIgnoreCase);

            // The slice itself is committed after it was made: later commits of slices change nothing that a training runs.
            bool sameFiles = same || GitState.SameFiles(repository.Root, recorded, "HEAD", repository.Settings.SlicesFolder);
            (string status, string? message) = !sameFiles ? (PinStatus.Changed, $"Commit {Figures.ShortHash(now.Commit)} is checked out, and files differ from those of {Figures.ShortHash(recorded)}.")
                : dirty ? (PinStatus.Unknown, "When the slice was made, files were changed and not committed: what they held is not recorded.")
                : now.Dirty ? (PinStatus.Changed, "Files are changed and not committed.")
                : same ? (PinStatus.Same, null)
                : (PinStatus.Same, "Commits after it changed slices alone.");
            return new SlicePin(version, PinKind.Commit, "commit", shown, actual, status, message);

            static string Shown(string commit, bool dirty) => Figures.ShortHash(commit) + (dirty ? " with changes" : "");
        }

        private SlicePin File(PinnedFile file)
        {
            string full = repository.Resolve(file.Path);
            if (!System.IO.File.Exists(full))
            {
                return Missing(PinKind.File, file.Path, Short(file.Sha256));
            }

            string actual = FileHash.Compute(full, context.Bytes("Hashing", file.Path, new FileInfo(full).Length), context.Cancellation);
            return file.Sha256 is null
                ? new SlicePin(version, PinKind.File, file.Path, null, Short(actual), PinStatus.Unknown, "Its hash is not recorded.")
                : Compared(PinKind.File, file.Path, Short(file.Sha256), Short(actual), file.Sha256 == actual, "The file has other bytes.");
        }

        private SlicePin Parameters(PinnedParameters pinned)
        {
            string full = repository.Resolve(pinned.Path);
            string? recorded = pinned.Sha256 ?? pinned.ValuesSha256;
            if (!System.IO.File.Exists(full))
            {
                return Missing(PinKind.Parameters, pinned.ToString(), Short(recorded));
            }

            if (recorded is null)
            {
                return new SlicePin(version, PinKind.Parameters, pinned.ToString(), null, null, PinStatus.Unknown, "Its hash is not recorded.");
            }

            // A key that is gone is a difference like any other, so the whole file is read.
            var selection = new ParameterSelection(pinned.Path, pinned.Keys);
            ParameterFile whole = ParameterFile.Read(full, selection with { Keys = null });
            var values = new JsonObject(whole.Values
                .Where(pair => pinned.Keys is null || selection.Each.Any(key => ParameterSelection.Matches(key, pair.Key)))
                .Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
            string actual = pinned.Sha256 is null ? ParameterFile.HashOf(values) : whole.FileSha256;
            string[] differences = pinned.ValuesSha256 is null ? [] : [.. Differences(pinned.Values, values)];
            string message = differences.Length > 0 ? $"{string.Join("; ", differences.Take(8))}{(differences.Length > 8 ? $"; and {Figures.Count(differences.Length - 8)} more" : "")}."
                : pinned.ValuesSha256 is null ? "The file has other bytes." : "The file has other bytes, and the same parameters.";
            return Compared(PinKind.Parameters, pinned.ToString(), Short(recorded), Short(actual), recorded == actual, message);
        }

        private static IEnumerable<string> Differences(JsonObject recorded, JsonObject actual)
        {
            foreach (string name in recorded.Select(static pair => pair.Key).Union(actual.Select(static pair => pair.Key), StringComparer.Ordinal))
            {
                bool was = recorded.TryGetPropertyValue(name, out JsonNode? before);
                bool has = actual.TryGetPropertyValue(name, out JsonNode? now);
                if (!was || !has)
                {
                    yield return was ? $"{name} is gone, it was {Text(before)}" : $"{name} is new, with {Text(now)}";
                }
                else if (!ParameterFile.Same(before, now))
                {
                    yield return $"{name} is {Text(now)}, it was {Text(before)}";
                }
            }
        }

        private SlicePin Field(string kind, string name, JsonNode? recorded, IReadOnlyList<(string Name, JsonNode? Value)> now, string nothing)
        {
            if (now.Count == 0)
            {
                return new SlicePin(version, kind, name, Text(recorded), null, PinStatus.Unknown, nothing);
            }

            (string Name, JsonNode? Value) found = now.FirstOrDefault(one => one.Name == name);
            return found.Name is null
                ? new SlicePin(version, kind, name, Text(recorded), null, PinStatus.Missing, "It is not there now.")
                : Compared(kind, name, Text(recorded), Text(found.Value), ParameterFile.Same(recorded, found.Value), $"It is {Text(found.Value)} now.");
        }

        private SlicePin Compared(string kind, string name, string? recorded, string? actual, bool same, string message) =>
            new(version, kind, name, recorded, actual, same ? PinStatus.Same : PinStatus.Changed, same ? null : message);

        private SlicePin Missing(string kind, string name, string? recorded) => new(version, kind, name, recorded, null, PinStatus.Missing, "The file is not there.");

        private SlicePin Guarded(string kind, string name, string? recorded, Func<SlicePin> compare)
        {
            try
            {
                return compare();
            }
            catch (HarvestException fault)
            {
                // A file that is no parameter file any more is as different as one can be.
                return new SlicePin(version, kind, name, recorded, null, fault.Fault == HarvestFault.InvalidData ? PinStatus.Changed : PinStatus.Unknown, fault.Message);
            }
        }

        /// <summary>The members of an object, the items of a list under their numbers, and a single value under the name given.</summary>
        private static IReadOnlyList<(string Name, JsonNode? Value)> Named(JsonNode? node, string name) => node switch
        {
            null => [],
            JsonObject named => [.. named.Select(static pair => (pair.Key, pair.Value))],
            JsonArray list => [.. list.Select((item, index) => ($"{name} {Figures.Count(index + 1)}", item))],
            _ => [(name, node)],
        };

        private static string? Short(string? hash) => hash is null ? null : Figures.ShortHash(hash);

        private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";
    }
}
