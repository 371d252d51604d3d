using HarvestTools.Archive;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows.Operations;

/// <summary>
/// What a repository must hold after some operations, kept in memory: which exports are archived, which slices there are and of
/// which exports, which models are registered, what was damaged since the last repair.
/// </summary>
internal sealed class OperationModel : IDisposable
{
    private readonly OperationSamples _samples;
    private readonly Operator _operator;
    private readonly HashSet<string> _archived = [];
    private readonly Dictionary<string, ModelledSlice> _slices = [];
    private readonly HashSet<string> _damagedObjects = [];
    private bool _damagedRecords;
    private bool _recordsWereDamaged;
    private bool _damagedCache;
    private bool _damagedRemote;

    // What was pushed whole; no command takes anything away from a remote.
    private readonly HashSet<string> _pushed = [];

    // What was let go, and may be in the remote alone.
    private readonly HashSet<string> _released = [];

    public OperationModel(OperationSamples samples)
    {
        _samples = samples;
        Folder = Directory.CreateTempSubdirectory("harvest-operations-").FullName;
        OperationFolders.Make(Folder, samples);
        _operator = new Operator(Folder, samples);
    }

    public string Folder { get; }

    private bool IsWhole => _damagedObjects.Count == 0 && !_damagedRecords && !_damagedCache && !_damagedRemote;

    /// <summary>Does one thing and holds what came of it against what is known.</summary>
    public void Run(Operation operation)
    {
        if (operation.Kind == OperationKind.DamageRemote && _released.Count > 0)
        {
            // What is there alone and damaged is lost, and nothing can be asked of it.
            return;
        }

        string[] outcome = _operator.Run(operation).Split(' ');
        string done = outcome[0];
        if (operation.Kind == OperationKind.Release && done == "error" && IsWhole)
        {
            Assert.Equal("ReleaseRefused", outcome[1]);
        }
        else if (IsWhole && done == "error" && operation.Kind is not (OperationKind.New or OperationKind.Remove or OperationKind.Decide))
        {
            Assert.Fail($"{operation} of a whole repository ends with {string.Join(' ', outcome)}");
        }

        switch (operation.Kind)
        {
            case OperationKind.Add when done != "error":
                Assert.Equal(_samples[operation.Choice].Sha256, outcome[1]);
                if (IsWhole)
                {
                    Assert.Equal(_archived.Contains(outcome[1]) ? "there" : "added", done);
                }

                // An export that is added again is whole again.
                _damagedObjects.Remove(outcome[1]);
                _archived.Add(outcome[1]);
                break;
            case OperationKind.New when done == "made":
                Made(outcome[1]);
                break;
            case OperationKind.New when IsWhole:
                Assert.True(_archived.Count == 0, $"new of {_archived.Count} exports ends with {string.Join(' ', outcome)}");
                break;
            case OperationKind.Check when done == "checked":
                Checked(outcome[1], outcome[2]);
                break;
            case OperationKind.Register when done == "registered":
                _slices[outcome[2]].Models.Add(outcome[1]);
                break;
            case OperationKind.Remove:
                Removed(operation, outcome);
                break;
            case OperationKind.Repair:
                if (done != "repaired" && _recordsWereDamaged && _damagedObjects.Count > 0)
                {
                    // A record is made again of its object, and an object comes from where its record says: with both damaged, at once
                    // or one after the other, the repair asks for the file to be added again.
                    outcome = AddAgain();
                    done = outcome[0];
                }

                Assert.True(done == "repaired", string.Join(' ', outcome));
                _damagedObjects.Clear();
                (_damagedRecords, _damagedCache) = (false, false);
                break;
            case OperationKind.Gc when done == "collected":
                Collected();
                break;
            case OperationKind.Release when done == "released":
                Assert.Empty(_slices[outcome[1]].Models);
                _released.UnionWith(_slices[outcome[1]].Exports);
                _pushed.UnionWith(_slices[outcome[1]].Exports);
                Collected();
                break;
            case OperationKind.DeleteCache when done == "deleted":
                _damagedCache = false;
                break;
            case OperationKind.DamageObject when done == "damaged":
                // The same bit twice is as it was.
                _ = _damagedObjects.Add(outcome[1]);
                break;
            case OperationKind.DamageRecord when done == "damaged":
                (_damagedRecords, _recordsWereDamaged) = (true, true);
                break;
            case OperationKind.Push when done == "pushed":
                _pushed.UnionWith(_slices.Values.SelectMany(static slice => slice.Exports));
                break;
            case OperationKind.Pull when done == "pulled":
                Pulled();
                break;
            case OperationKind.DamageRemote when done == "damaged":
                _damagedRemote = true;
                break;
            case OperationKind.DamageCache when done == "damaged":
                _damagedCache = true;
                break;
        }
    }

    /// <summary>Repairs, and compares everything.</summary>
    public void Finish()
    {
        Run(new Operation(OperationKind.Repair, 0));
        var repository = Repository.Find(Folder);
        Assert.Equal(_slices.Keys.Order(StringComparer.Ordinal), repository.Slices.Versions().Order(StringComparer.Ordinal));
        Final.Require(repository, _samples, _archived);
        SharedRemoteChecks.RequireCloneOfEverything(Folder, _samples);
        foreach ((string version, ModelledSlice slice) in _slices)
        {
            SliceManifest manifest = repository.Slices.Load(version);
            Assert.Equal(slice.Exports, manifest.Exports.Select(static export => export.Sha256).Order(StringComparer.Ordinal));
            Assert.Equal(slice.Models.Order(StringComparer.Ordinal), manifest.Runs.Select(static run => run.Name).Order(StringComparer.Ordinal));
        }
    }

    public void Dispose() => Folders.Delete(Folder);

    private string[] AddAgain()
    {
        // The record of an export is put right before those of others are read, of which one that comes later may be damaged too.
        foreach (string sha256 in _archived)
        {
            string added = _operator.Run(Add(sha256));
            Assert.True(!added.StartsWith("error", StringComparison.Ordinal) || added == "error RecordDamaged", added);
        }

        Assert.All(_archived, sha256 => Assert.DoesNotContain("error", _operator.Run(Add(sha256)), StringComparison.Ordinal));
        return _operator.Run(new Operation(OperationKind.Repair, 0)).Split(' ');
    }

    private Operation Add(string sha256) => new(OperationKind.Add, _samples.All.ToList().FindIndex(sample => sample.Sha256 == sha256));

    private void Made(string version)
    {
        Assert.False(_slices.ContainsKey(version), $"{version} was made twice");
        SliceManifest manifest = Repository.Find(Folder).Slices.Load(version);
        string[] exports = [.. manifest.Exports.Select(static export => export.Sha256).Order(StringComparer.Ordinal)];

        // A record that is damaged cannot take part; a whole repository's newest exports are the latest weeks'.
        if (!_damagedRecords)
        {
            Assert.Equal(
                _samples.All.Where(sample => _archived.Contains(sample.Sha256)).GroupBy(static sample => sample.Project)
                    .Select(static project => project.MaxBy(static sample => sample.Week)!.Sha256).Order(StringComparer.Ordinal),
                exports);
        }

        Final.RequireOutputs(manifest, _samples);
        _slices.Add(version, new ModelledSlice(exports, manifest.Parents, []));
    }

    private void Checked(string version, string status)
    {
        bool damaged = _slices[version].Exports.Any(_damagedObjects.Contains);
        if (damaged)
        {
            Assert.NotEqual("Clean", status);
        }
        else if (IsWhole)
        {
            Assert.Equal("Clean", status);
        }
    }

    /// <summary>A pull brings what was pushed, and nothing damaged is ever kept, whatever the remote has.</summary>
    private void Pulled()
    {
        string clone = OperationFolders.CloneOf(Folder, _operator.Name);
        SharedRemoteChecks.RequireWholeClone(clone);
        var repository = Repository.Find(clone);
        repository.Offline = true;
        Assert.All(_slices.Values.SelectMany(static slice => slice.Exports).Where(_pushed.Contains), sha256 => Assert.True(repository.Archive.Contains(sha256), $"{sha256} was not pulled"));
    }

    /// <summary>Exports may be gone for good that no slice has and that are not the newest of their project, or that were let go, and no others.</summary>
    private void Collected()
    {
        LocalObjectStore store = Repository.Find(Folder).Archive.Local;
        foreach (OperationSample sample in _samples.All.Where(sample => _archived.Contains(sample.Sha256) && !store.Has(sample.Sha256)).ToList())
        {
            Assert.True(!_slices.Values.Any(slice => slice.Exports.Contains(sample.Sha256)) || _released.Contains(sample.Sha256), $"{sample.File} went, and a slice has it");
            Assert.True(_samples.All.Any(other => other.Project == sample.Project && other.Week > sample.Week && _archived.Contains(other.Sha256)), $"{sample.File} went, and is the newest of its project");

            // Damaged ones do not come back from quarantine.
            if (store.Unreachable.Find(sample.Sha256) is null || _damagedObjects.Contains(sample.Sha256))
            {
                // What was let go is in the remote.
                _ = !_released.Contains(sample.Sha256) && _archived.Remove(sample.Sha256);
                _damagedObjects.Remove(sample.Sha256);
            }
        }
    }

    private void Removed(Operation operation, string[] outcome)
    {
        string[] versions = [.. _slices.Keys.Order(NaturalOrder.Instance)];
        if (versions.Length == 0)
        {
            Assert.Equal("nothing", outcome[0]);
            return;
        }

        string version = versions[operation.Choice % versions.Length];
        bool needed = _slices[version].Models.Count > 0 || _slices.Values.Any(slice => slice.Parents.Contains(version));
        Assert.Equal(needed ? "error SliceNeeded" : $"removed {version}", string.Join(' ', outcome));
        if (!needed)
        {
            _slices.Remove(version);
        }
    }

    private sealed record ModelledSlice(string[] Exports, IReadOnlyList<string> Parents, List<string> Models);
}

/// <summary>What holds of any repository at the end, however it came about.</summary>
internal static class Final
{
    /// <summary>Every export is archived as it is, and every slice has the rows of its exports and is clean.</summary>
    public static void Require(Repository repository, OperationSamples samples, IReadOnlyCollection<string> archived)
    {
        foreach (OperationSample sample in samples.All.Where(sample => archived.Contains(sample.Sha256)))
        {
            Assert.True(File.ReadAllBytes(repository.Archive.PathOf(sample.Sha256)).AsSpan().SequenceEqual(sample.Bytes), $"{sample.File} is not as it was");
            Assert.Contains(repository.Archive.List(), record => record.Sha256 == sample.Sha256 && record.Project == sample.Project);
        }

        foreach (CheckedSlice slice in CheckSlices.Run(repository, [], quick: false, WorkContext.Default with { Threads = 1 }))
        {
            Assert.True(slice.Report?.Status == "Clean", $"{slice.Version}: {slice.Error?.Message} {string.Join("; ", slice.Report?.Findings.Select(static finding => finding.Message) ?? [])}");
            RequireOutputs(slice.Slice!, samples);
        }
    }

    public static void RequireOutputs(SliceManifest slice, OperationSamples samples)
    {
        foreach (SliceOutput output in slice.Outputs)
        {
            OperationSample sample = samples.All.Single(sample => sample.Sha256 == output.Export);
            SliceOutput expected = sample.Outputs.Single(other => other.Table == output.Table);
            Assert.Equal((expected.Rows, expected.Sha256, expected.RowsSha256), (output.Rows, output.Sha256, output.RowsSha256));
        }

        Assert.Equal(slice.Exports.Sum(export => samples.All.Single(sample => sample.Sha256 == export.Sha256).Outputs.Count), slice.Outputs.Count);
    }
}
