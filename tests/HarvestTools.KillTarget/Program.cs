using System.Globalization;
using System.Security.Cryptography;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.KillTarget.Operations;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

// A second process for the tests: it writes into a repository until it is killed, or does one thing at the same moment
// as others. Usage: churn REPOSITORY SEED | add REPOSITORY FILE GATE | create REPOSITORY VERSION GATE |
// register REPOSITORY VERSION NAME COUNT GATE | collect REPOSITORY SEED | pack REPOSITORY | collect-packs REPOSITORY SEED | operate REPOSITORY SEED COUNT GATE.
var repository = Repository.Find(args[1]);
switch (args[0])
{
    case "churn":
        Churn(repository, int.Parse(args[2], CultureInfo.InvariantCulture));
        break;
    case "add":
        WaitFor(args[3]);
        (string sha256, AddOutcome outcome) = Add(repository, File.ReadAllBytes(args[2]), "shared");
        Console.WriteLine($"{outcome} {sha256}");
        break;
    case "create":
        WaitFor(args[3]);
        try
        {
            repository.Slices.Create(Manifest(args[2], new string('a', 64)));
            Console.WriteLine("won");
        }
        catch (HarvestException error) when (error.ErrorId == "SliceExists")
        {
            Console.WriteLine("lost");
        }

        break;
    case "register":
        WaitFor(args[5]);
        for (int i = 0; i < int.Parse(args[4], CultureInfo.InvariantCulture); i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{args[3]}-{i}");
            repository.Slices.Rewrite(args[2], manifest => manifest with { Runs = [.. manifest.Runs, new SliceRun { Name = name }] });
        }

        Console.WriteLine("done");
        break;
    case "operate":
        var samples = OperationSamples.Make();
        WaitFor(args[4]);
        Operate(args[1], samples, int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        break;
    case "pack":
        PackAndUnpack(repository.Root);
        break;
    case "collect-packs":
        CollectPacks(repository.Root, int.Parse(args[2], CultureInfo.InvariantCulture));
        break;
    case "collect":
        Collect(repository.Root, int.Parse(args[2], CultureInfo.InvariantCulture));
        break;
    default:
        return 2;
}

return 0;

// Each line is written once the operation is over: what it says has happened, whatever becomes of this process.
static void Operate(string folder, OperationSamples samples, int seed, int count)
{
    var random = new Random(seed);
    var commands = new Operator(folder, samples) { Name = string.Create(CultureInfo.InvariantCulture, $"m{seed}") };
    OperationKind[] kinds = [.. Enum.GetValues<OperationKind>().Where(static kind => kind is not (OperationKind.DamageObject or OperationKind.DamageRecord or OperationKind.DamageRemote or OperationKind.Leave))];
    for (int i = 0; i < count; i++)
    {
        var operation = new Operation(kinds[random.Next(kinds.Length)], random.Next(1_000));
        string outcome = commands.Run(operation);
        Console.WriteLine(outcome.StartsWith("error ", StringComparison.Ordinal) ? $"{outcome} in {operation.Kind}" : outcome);
    }
}

// Objects come that nothing needs and go, forty days a round, so that some are set aside, some return and some are removed in each.
static void Collect(string folder, int seed)
{
    var random = new Random(seed);
    for (int i = 0; ; i++)
    {
        var repository = Repository.Find(folder);
        for (int more = 0; more < 5; more++)
        {
            var bytes = new byte[1 << random.Next(4, 16)];
            random.NextBytes(bytes);
            repository.Archive.Objects.AddBytes(bytes);
        }

        RemoveUnreachable.Run(repository, new UnreachableRequest(), WorkContext.Default with { Threads = 1, Clock = new LaterClock(40 * i) });
        if (i == 0)
        {
            Console.WriteLine("ready");
        }
    }
}

static void PackAndUnpack(string folder)
{
    for (int i = 0; ; i++)
    {
        Pack(folder);
        Ready(i);
        using UnpackExports unpacking = UnpackExports.Begin(Repository.Find(folder), [], WorkContext.Default);
        foreach (PackTarget target in unpacking.Targets)
        {
            unpacking.Unpack(target, WorkContext.Default);
        }
    }
}

// Exports that a project had come and go as packs, forty days a round, those that slices need among them as those of a slice that comes back.
static void CollectPacks(string folder, int seed)
{
    var random = new Random(seed);
    for (int i = 0; ; i++)
    {
        var repository = Repository.Find(folder);
        Pack(folder);
        Ready(i);
        foreach (SetAsidePack one in SetAsidePack.Of(repository, random))
        {
            repository.Archive.Local.Unreachable.Put(one.Path, one.Day);
        }

        var context = WorkContext.Default with { Threads = 1, Clock = new LaterClock(40 * i) };
        RemoveUnreachable.Run(repository, new UnreachableRequest(), context);
    }
}

static void Pack(string folder)
{
    using PackExports packing = PackExports.Begin(Repository.Find(folder), [], WorkContext.Default);
    foreach (PackTarget target in packing.Targets)
    {
        packing.Pack(target, WorkContext.Default);
    }
}

static void Ready(int round)
{
    if (round == 0)
    {
        Console.WriteLine("ready");
    }
}

static void Churn(Repository repository, int seed)
{
    var random = new Random(seed);
    for (int i = 0; ; i++)
    {
        // From a few bytes to a few megabytes, so that kills fall before, in and after the copying.
        var bytes = new byte[1 << random.Next(4, 22)];
        random.NextBytes(bytes);
        (string sha256, _) = Add(repository, bytes, $"p{random.Next(3)}");
        string version = string.Create(CultureInfo.InvariantCulture, $"s{seed}.{i}");
        repository.Slices.Create(Manifest(version, sha256));
        repository.Slices.Rewrite(version, manifest => manifest with { Runs = [new SliceRun { Name = "model" }] });
        if (i == 0)
        {
            Console.WriteLine("ready");
        }
    }
}

static (string Sha256, AddOutcome Outcome) Add(Repository repository, byte[] bytes, string project)
{
    using PendingObject pending = repository.Archive.Objects.BeginAdd();
    foreach (byte[] piece in bytes.Chunk(64 * 1024))
    {
        pending.Write(piece);
    }

    string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
    AddOutcome outcome = pending.Commit(sha256);
    repository.Archive.Record(new ExportRecord
    {
        Project = project,
        Sha256 = sha256,
        Bytes = bytes.Length,
        AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch),
    });
    return (sha256, outcome);
}

static SliceManifest Manifest(string version, string sha256) => new()
{
    Version = version,
    Exports = [new SliceExport { Project = "p", Sha256 = sha256 }],
    HarvestVersion = "harvest@v1.0.0",
};

static void WaitFor(string gate)
{
    Console.WriteLine("ready");
    while (!File.Exists(gate))
    {
        Thread.Yield();
    }
}

/// <summary>A pack that is put where unreachable ones wait, whether something needs it or not.</summary>
internal sealed record SetAsidePack(string Path, DateOnly Day)
{
    /// <summary>Some of those of an archive, patches first, as they go.</summary>
    public static IReadOnlyList<SetAsidePack> Of(Repository repository, Random random) =>
    [
        .. repository.Archive.Local.Packs.List()
            .Where(_ => random.Next(2) == 0)
            .OrderBy(static pack => HarvestTools.Packs.PackFolder.TryLayout(pack)?.Anchor is null)
            .Select(static pack => new SetAsidePack(pack.Path, new DateOnly(2020, 1, 1))),
    ];
}

internal sealed class LaterClock(int days) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(days);
}
