using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace HarvestTools.PowerShell;

/// <summary>
/// The engine and the packages it uses, in a load context of their own, so that another module's Parquet.Net or YamlDotNet of
/// another version meets nothing of ours in either direction. The cmdlets themselves are in the default context: PowerShell
/// looks for a module's cmdlets there, also when it imports the module once more.
/// </summary>
internal sealed class EngineContext : AssemblyLoadContext
{
    private static readonly Lazy<EngineContext> s_context = new(() => new EngineContext(
        Path.Combine(Path.GetDirectoryName(typeof(EngineContext).Assembly.Location)!, "engine")));

    private readonly string _folder;

    private EngineContext(string folder)
        : base("HarvestTools")
    {
        _folder = folder;
    }

    /// <summary>The engine's assembly, loaded on first use.</summary>
    public static Assembly Engine => typeof(HarvestException).Assembly;

    // Runs before any code of this assembly, once a process, however often and in however many runspaces the module is imported.
#pragma warning disable CA2255 // A library's initializer is what puts the handler in place before the first type of the engine is needed.
    [ModuleInitializer]
    internal static void Install() => Default.Resolving += Resolve;
#pragma warning restore CA2255

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <summary>
    /// Answers for the engine alone, which nobody else has: the default context asks on behalf of every module, and a package
    /// that another one asks for must not become ours.
    /// </summary>
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name?.StartsWith("HarvestTools.", StringComparison.Ordinal) == true && name.Version == typeof(EngineContext).Assembly.GetName().Version
            ? s_context.Value.Load(name)
            : null;
}
