using System.Runtime.InteropServices;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>The programs that are measured, and the project's own, published as a user gets it.</summary>
internal sealed class Peers
{
    private readonly string _work;
    private readonly bool _selfContained;

    /// <param name="work">Folder for what is made on the way.</param>
    /// <param name="selfContained">Whether the program, and the least one beside it, come with their own runtime as one image.</param>
    public Peers(string work, bool selfContained)
    {
        _work = work;
        _selfContained = selfContained;
        Root = FindRoot();
        Harvest = Publish(Path.Combine(Root, "src", "HarvestTools.Cli"), "harvest", "harvest");
    }

    /// <summary>The repository's folder.</summary>
    public string Root { get; }

    /// <summary>The form in which the programs are published, for a heading.</summary>
    public string Form => _selfContained ? "published with its own runtime as one image" : "published for the machine's .NET";

    /// <summary>Path of the program.</summary>
    public string Harvest { get; }

    /// <summary>A PowerShell module with one cmdlet that does nothing, as a binary module.</summary>
    public string EmptyBinaryModule()
    {
        string folder = Path.Combine(_work, "empty-source");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Empty.cs"), """
            using System.Management.Automation;

            [Cmdlet(VerbsCommon.Get, "Nothing")]
            public sealed class GetNothingCommand : Cmdlet
            {
            }
            """);
        File.WriteAllText(Path.Combine(folder, "Empty.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="PowerShellStandard.Library" Version="5.1.1" PrivateAssets="all" ExcludeAssets="runtime" /></ItemGroup>
            </Project>
            """);
        string output = Path.Combine(_work, "Empty");
        ProcessRun.Of(_work, "dotnet", "publish", folder, "-c", "Release", "--artifacts-path", output + "-build", "-o", output, "-v", "q");
        string manifest = Path.Combine(output, "Empty.psd1");
        File.WriteAllText(manifest, "@{ RootModule = 'Empty.dll'; ModuleVersion = '1.0'; CmdletsToExport = 'Get-Nothing' }\n");
        return manifest;
    }

    /// <summary>Another build of the program.</summary>
    /// <param name="path">The program, or the folder of a checkout, which is published as this one is.</param>
    public string OtherHarvest(string path) => Directory.Exists(path)
        ? Publish(Path.Combine(path, "src", "HarvestTools.Cli"), "harvest", "harvest-baseline")
        : path;

    /// <summary>The least program of the same runtime, published the same way.</summary>
    public string HelloWorld()
    {
        string folder = Path.Combine(_work, "hello-source");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"hello\");\n");
        File.WriteAllText(Path.Combine(folder, "hello.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                <PublishReadyToRun>true</PublishReadyToRun>
                <PublishReadyToRunCrossgen2ExtraArgs Condition="$(RuntimeIdentifier.EndsWith('-x64'))">--instruction-set:x86-64-v3</PublishReadyToRunCrossgen2ExtraArgs>
              </PropertyGroup>
              <PropertyGroup Condition="'$(SelfContained)' == 'true'">
                <PublishReadyToRunComposite>true</PublishReadyToRunComposite>
                <PublishTrimmed>true</PublishTrimmed>
              </PropertyGroup>
            </Project>
            """);
        return Publish(folder, "hello", "hello");
    }

    /// <summary>Full path of a program on the path; null where it is absent.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    private string Publish(string project, string program, string folder)
    {
        // Each form in a folder of its own, with builds of its own: files of the other would stay beside it.
        string output = Path.Combine(_work, folder + (_selfContained ? "-alone" : ""));
        Console.Error.WriteLine($"Publishing {Path.GetFileNameWithoutExtension(project)} into {output}; the first time that takes some minutes.");
        ProcessRun.Of(
            _work, "dotnet", "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", _selfContained ? "true" : "false", "--artifacts-path", output + "-build", "-o", output, "-v", "q");
        return Path.Combine(output, OperatingSystem.IsWindows() ? program + ".exe" : program);
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "HarvestTools.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("Run it from a checkout of the repository.");
    }
}
