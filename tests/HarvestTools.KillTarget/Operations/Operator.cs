using HarvestTools.Archive;
using HarvestTools.Decisions;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.KillTarget.Operations;

/// <summary>
/// Runs operations on a repository the way commands do: each opens it, does one thing, and ends with what it did or with the
/// engine's error.
/// </summary>
/// <param name="folder">The repository, with the samples' files in it.</param>
/// <param name="samples">What there is to add.</param>
internal sealed class Operator(string folder, OperationSamples samples)
{
    private int _names;

    /// <summary>Begins the names of models, so that those of several processes differ.</summary>
    public string Name { get; init; } = "m";

    /// <summary>The present time; several may have one.</summary>
    public MovingClock Clock { get; init; } = new();

    private WorkContext Context => WorkContext.Default with { Threads = 1, Clock = Clock };

    /// <summary>Does it.</summary>
    /// <returns>A word and what it was done to, for example <c>added 1f3a…</c>; <c>nothing</c> where there is nothing to do it to; <c>error</c> and an id.</returns>
    public string Run(Operation operation)
    {
        Clock.Move(TimeSpan.FromMinutes(1));
        try
        {
            return Do(Repository.Find(folder), operation);
        }
        catch (HarvestException error) when (error.Fault != HarvestFault.Internal)
        {
            return $"error {error.ErrorId}";
        }
    }

    private string Do(Repository repository, Operation operation)
    {
        int choice = operation.Choice;
        switch (operation.Kind)
        {
            case OperationKind.Add:
                OperationSample sample = samples[choice];
                AddedExport added = AddExport.Run(repository, Path.Combine(folder, sample.File), sample.Project, Context);
                return $"{(added.Added ? "added" : "there")} {added.Sha256}";
            case OperationKind.New:
                return $"made {NewSlice.Run(repository, new NewSliceRequest(), Context).Slice.Version}";
            case OperationKind.Build:
                return OfSlice(repository, choice, version => $"built {BuildSlice.Run(repository, repository.Slices.Load(version), Context).Version}");
            case OperationKind.Check:
                return OfSlice(repository, choice, version => Check(repository, version));
            case OperationKind.Decide:
                return $"decided {RetrainDecider.Decide(RetrainStateReader.Run(repository, Context), repository.Settings.Retrain).Decision}";
            case OperationKind.Register:
                string model = $"{Name}-{_names++}";
                return OfSlice(repository, choice, version => $"registered {RegisterModel.Run(repository, new ModelRegistration(version, model), Context).Name} {version}");
            case OperationKind.Remove:
                return OfSlice(repository, choice, version => RemoveSlice.Run(repository, version, Context).Removed ? $"removed {version}" : $"kept {version}");
            case OperationKind.Restore:
                return Restore(repository, samples[choice]);
            case OperationKind.Repair:
                var check = new ArchiveCheck(CheckArchive.Of(repository)) { Repair = true, Threads = 1 };
                List<ArchiveFinding> findings = [.. check.Run()];
                return check.Whole ? "repaired" : $"faults {string.Join("; ", findings.Where(static finding => finding.IsFault).Select(static finding => finding.Message))}";
            case OperationKind.DeleteCache:
                return Of<string>(Directory.Exists(repository.CacheFolder) ? [repository.CacheFolder] : [], 0, static cache =>
                {
                    Folders.DeleteBusy(cache);
                    return "deleted";
                });
            case OperationKind.DamageObject:
                return Of(repository.Archive.List(), choice, record =>
                {
                    if (repository.Archive.Local.TryUnpack(record.Sha256) is not { } file)
                    {
                        return "nothing";
                    }

                    Folders.Flip(file, choice);
                    return $"damaged {record.Sha256}";
                });
            case OperationKind.DamageRecord:
                return Of(repository.Archive.RecordFiles(), choice, file => Damage(file, choice));
            case OperationKind.DamageCache:
                return Of<string>(
                    Directory.Exists(repository.CacheFolder)
                        ? [.. Directory.EnumerateFiles(repository.CacheFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
                        : [],
                    choice,
                    file => Damage(file, choice));
            case OperationKind.DamageRemote:
                string objects = Path.Combine(OperationFolders.RemoteOf(folder), "sha256");
                return Of<string>(
                    Directory.Exists(objects) ? [.. Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [],
                    choice,
                    file => Damage(file, choice));
            case OperationKind.Push:
                return Outcome("pushed", PushSlices.Run(repository, Transfer(choice) with { Deep = choice % 3 == 0 }, Context));
            case OperationKind.Pull:
                return Outcome("pulled", PullSlices.Run(OperationFolders.Update(folder, OperationFolders.CloneOf(folder, Name)), Transfer(choice), Context));
            case OperationKind.Gc:
                UnreachableReport report = RemoveUnreachable.Run(repository, new UnreachableRequest(), Context);
                return $"collected {report.Count(ObjectState.Quarantined)} {report.Count(ObjectState.Removed)}";
            case OperationKind.Release:
                return OfSlice(repository, choice, version =>
                {
                    UnreachableReport released = RemoveUnreachable.Run(repository, new UnreachableRequest { Release = [version] }, Context);
                    return $"released {version} {released.Count(ObjectState.Quarantined)} {released.Count(ObjectState.Removed)}";
                });
            case OperationKind.Pack:
                using (PackExports packing = PackExports.Begin(repository, [], Context))
                {
                    return $"packed {packing.Targets.Count(target => packing.Pack(target, Context).Outcome == PackOutcome.Packed)}";
                }

            case OperationKind.Unpack:
                using (UnpackExports unpacking = UnpackExports.Begin(repository, [], Context))
                {
                    // Not all of them always, as where it is stopped.
                    return $"unpacked {unpacking.Targets.Take(1 + (choice % 4)).Count(target => unpacking.Unpack(target, Context).Outcome == PackOutcome.Unpacked)}";
                }

            case OperationKind.Leave:
                return OfSlice(repository, choice, version => Leave(repository, version));
            default:
                // Years ahead or back; recorded times then run backwards.
                Clock.Move(TimeSpan.FromHours((choice * 7_919 % 20_001) - 10_000));
                return "moved";
        }
    }

    private string Leave(Repository repository, string version)
    {
        string slice = Path.GetDirectoryName(repository.Slices.PathOf(version))!;
        string aside = Path.Combine(folder, $".left-{version}");
        Directory.Move(slice, aside);
        try
        {
            return $"left {RemoveUnreachable.Run(repository, new UnreachableRequest(), Context).Count(ObjectState.Quarantined)}";
        }
        finally
        {
            Directory.Move(aside, slice);
        }
    }

    private static TransferRequest Transfer(int choice) => new() { Tables = choice % 2 == 0, Transfers = 1 + (choice % 3) };

    /// <summary>What the other side has not is no error here: nobody pushed it yet.</summary>
    private static string Outcome(string done, TransferResult result) =>
        result.Items.Select(static item => item.Error?.ErrorId).FirstOrDefault(static id => id is not null and not "NotInRemote") is { } error ? $"error {error}"
            : $"{done} {result.Moved + result.Replaced + result.AlreadyThere} {result.Failed}";

    private string Check(Repository repository, string version)
    {
        CheckedSlice slice = CheckSlices.Run(repository, [version], quick: false, Context).Single();
        return $"checked {version} {slice.Report?.Status ?? slice.Error!.ErrorId}";
    }

    private string Restore(Repository repository, OperationSample sample)
    {
        string path = Path.Combine(folder, sample.File);
        if (!repository.Archive.Contains(sample.Sha256))
        {
            return "nothing";
        }

        File.Delete(path);
        try
        {
            RestoreTarget target = RestoreExport.Plan(repository, sample.Sha256, sample.File).Single();
            return $"restored {RestoreExport.Run(repository, target, force: false, Context).Sha256}";
        }
        finally
        {
            // Whatever became of it, later operations find the file that was there.
            File.WriteAllBytes(path, sample.Bytes);
        }
    }

    private static string Damage(string file, int choice)
    {
        try
        {
            Folders.Flip(file, choice);
            return $"damaged {Path.GetFileName(file)}";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another process has just removed it, or is writing it.
            return "nothing";
        }
    }

    private static string OfSlice(Repository repository, int choice, Func<string, string> act) => Of(repository.Slices.Versions(), choice, act);

    private static string Of<T>(IReadOnlyList<T> all, int choice, Func<T, string> act) => all.Count == 0 ? "nothing" : act(all[choice % all.Count]);

}

/// <summary>A clock that is moved by hand, by several threads at once.</summary>
internal sealed class MovingClock : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    public void Move(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }
}
