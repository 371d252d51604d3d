using System.Reflection;
using System.Runtime.Loader;

namespace HarvestTools.MethodProfile;

/// <summary>What a program consists of, with the runtime that runs this one in the place of the program's own.</summary>
internal static class LoadedAssemblies
{
    public static IReadOnlyList<Assembly> Of(string folder)
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            File.Exists(PathOf(folder, name.Name)) ? context.LoadFromAssemblyPath(PathOf(folder, name.Name)) : null;
        var assemblies = new List<Assembly>();
        foreach (string path in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            try
            {
                assemblies.Add(Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path))));
            }
            catch (Exception fault) when (fault is BadImageFormatException or FileLoadException or FileNotFoundException)
            {
                // A library of the system, or one of another platform: nothing is looked for in it.
            }
        }

        return assemblies;
    }

    private static string PathOf(string folder, string? name) => Path.GetFullPath(Path.Combine(folder, name + ".dll"));
}
