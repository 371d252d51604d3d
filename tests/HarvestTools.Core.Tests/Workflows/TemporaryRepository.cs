using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A repository in a temporary folder, with a clock that the test sets.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    private readonly TestClock _clock = new();

    public TemporaryRepository()
    {
        Folder = Directory.CreateTempSubdirectory("harvest-test-").FullName;
        Repository.Initialize(Folder);
        Context = WorkContext.Default with { Threads = 2, Clock = _clock };
    }

    public string Folder { get; }

    public WorkContext Context { get; }

    /// <summary>Opened anew at every use, as every command does.</summary>
    public Repository Repository => Repository.Find(Folder);

    public string PathOf(string relative) => Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Writes a made export into the repository.</summary>
    public string Write(string relative, ExportPlan plan)
    {
        string path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        ExportGenerator.Write(file, plan);
        return path;
    }

    public string WriteText(string relative, string text)
    {
        string path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public AddedExport Add(string relative, ExportPlan plan, string project)
    {
        _clock.Now = _clock.Now.AddMinutes(1);
        return AddExport.Run(Repository, Write(relative, plan), project, Context);
    }

    public NewSliceResult New(string version) => New(new NewSliceRequest(version));

    /// <summary>Makes a slice a minute after what was made before.</summary>
    public NewSliceResult New(NewSliceRequest request)
    {
        _clock.Now = _clock.Now.AddMinutes(1);
        return NewSlice.Run(Repository, request, Context);
    }

    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private sealed class TestClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
