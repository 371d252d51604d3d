using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Fuzz;

/// <summary>A repository of two projects with two slices, a model, an eval set and a filled cache.</summary>
internal sealed class SampleRepository : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public SampleRepository()
    {
        Repository.Initialize(Folder);
        ScratchFolder.Write(_scratch["eval.txt"], "fold_towel/episode_0001\n"u8.ToArray());
        ScratchFolder.Write(_scratch["model.bin"], [1, 2, 3]);
        Add("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 6, predictedShare: 0.5), "hands");
        NewSlice.Run(Open(), new NewSliceRequest("v1"), Context);
        RegisterModel.Run(Open(), new ModelRegistration("v1", "m-1") { Path = _scratch["model.bin"], Metrics = new Dictionary<string, double> { ["map"] = 0.5 } }, Context);
        Add("actions.json", ExportPlan.ForTasks(SampleKind.Actions, 4) with { ProjectId = 11, FirstTaskId = 1_000 }, "actions");
        NewSlice.Run(Open(), new NewSliceRequest("v2"), Context);
        PinEvalSet.Run(Open(), _scratch["eval.txt"], null, Context);
    }

    public string Folder => _scratch.Path;

    public WorkContext Context { get; } = WorkContext.Default with { Threads = 1, Clock = new FixedClock() };

    public Repository Open() => Repository.Find(Folder);

    /// <summary>Every file that a command reads, with its bytes, in an order that does not depend on the machine.</summary>
    public IReadOnlyList<(string Path, byte[] Bytes)> Files() =>
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .OrderBy(file => Relative(file), StringComparer.Ordinal)
            .Select(static file => (file, File.ReadAllBytes(file))),
    ];

    /// <summary>A file's path in the repository, with <c>/</c>.</summary>
    public string Relative(string file) => Path.GetRelativePath(Folder, file).Replace('\\', '/');

    public void Dispose() => _scratch.Dispose();

    private void Add(string name, ExportPlan plan, string project)
    {
        using (FileStream file = File.Create(_scratch[name]))
        {
            ExportGenerator.Write(file, plan);
        }

        AddExport.Run(Open(), _scratch[name], project, Context);
    }

    /// <summary>The same files at every run, so that an input that was kept is the same change of them.</summary>
    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
    }
}
