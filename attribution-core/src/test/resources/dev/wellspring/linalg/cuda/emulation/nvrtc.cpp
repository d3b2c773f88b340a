// libnvrtc.so.12: "compiles" to a word and an architecture, since the kernels are in this library already. What a
// compiler would miss is missed: headers that are not given, `#error`, architectures that are not known.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <map>
#include <set>
#include <string>

namespace {

constexpr int NVRTC_SUCCESS = 0;
constexpr int NVRTC_INVALID_INPUT = 3;
constexpr int NVRTC_INVALID_PROGRAM = 4;
constexpr int NVRTC_INVALID_OPTION = 5;
constexpr int NVRTC_COMPILATION = 6;
constexpr int ARCHITECTURES[] = {75, 80, 86, 89, 90, 100, 120};

struct Program {
    std::string name;
    std::string source;
    std::map<std::string, std::string> headers;
    std::string log;
    std::string cubin;
    std::string ptx;
};

// Adds what is wrong with a text, and with those it includes, to the log. Each is read once.
void check(Program& program, std::set<std::string>& seen, const std::string& name, const std::string& text) {
    size_t line = 0;
    for (size_t from = 0; from < text.size(); line++) {
        size_t to = std::min(text.find('\n', from), text.size());
        std::string words = text.substr(from, to - from);
        char header[256];
        std::string where = name + "(" + std::to_string(line + 1) + "): ";
        if (words.rfind("#error", 0) == 0) {
            program.log += where + "error: " + words + "\n";
        } else if (sscanf(words.c_str(), "#include \"%255[^\"]\"", header) == 1) {
            auto found = program.headers.find(header);
            if (found == program.headers.end()) {
                program.log += where + "catastrophic error: cannot open source file \"" + header + "\"\n";
            } else if (seen.insert(header).second) {
                check(program, seen, header, found->second);
            }
        } else if (sscanf(words.c_str(), "#include <%255[^>]>", header) == 1) {
            program.log += where + "catastrophic error: cannot open source file \"" + header + "\"\n";
        }
        from = to + 1;
    }
}

int copyOut(const std::string& text, char* to) {
    memcpy(to, text.c_str(), text.size() + 1);
    return NVRTC_SUCCESS;
}

int sizeOut(const std::string& text, size_t* size) {
    *size = text.size() + 1;
    return NVRTC_SUCCESS;
}

}  // namespace

extern "C" {

// No version that NVIDIA has: what is kept of a compilation is not mistaken for its work.
int nvrtcVersion(int* major, int* minor) {
    *major = 12;
    *minor = 99;
    return NVRTC_SUCCESS;
}

int nvrtcGetNumSupportedArchs(int* count) {
    *count = static_cast<int>(std::size(ARCHITECTURES));
    return NVRTC_SUCCESS;
}

int nvrtcGetSupportedArchs(int* architectures) {
    std::copy(std::begin(ARCHITECTURES), std::end(ARCHITECTURES), architectures);
    return NVRTC_SUCCESS;
}

int nvrtcCreateProgram(Program** program, const char* source, const char* name, int count, const char* const* headers,
    const char* const* includeNames) {
    if (source == nullptr || count < 0) {
        return NVRTC_INVALID_INPUT;
    }
    *program = new Program();
    (*program)->name = name == nullptr ? "default_program" : name;
    (*program)->source = source;
    for (int i = 0; i < count; i++) {
        (*program)->headers[includeNames[i]] = headers[i];
    }
    return NVRTC_SUCCESS;
}

int nvrtcDestroyProgram(Program** program) {
    if (program == nullptr || *program == nullptr) {
        return NVRTC_INVALID_PROGRAM;
    }
    delete *program;
    *program = nullptr;
    return NVRTC_SUCCESS;
}

int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    int architecture = 52;
    bool real = false;
    for (int i = 0; i < count; i++) {
        char kind[16];
        if (sscanf(options[i], "--gpu-architecture=%15[a-z]_%d", kind, &architecture) == 2) {
            real = strcmp(kind, "sm") == 0;
        } else if (strncmp(options[i], "--", 2) != 0 && strncmp(options[i], "-", 1) != 0) {
            program->log = std::string("nvrtc: error: unrecognized option ") + options[i] + "\n";
            return NVRTC_INVALID_OPTION;
        }
    }
    if (std::find(std::begin(ARCHITECTURES), std::end(ARCHITECTURES), architecture) == std::end(ARCHITECTURES)) {
        program->log = "nvrtc: error: invalid value for --gpu-architecture (-arch)\n";
        return NVRTC_INVALID_OPTION;
    }
    program->log.clear();
    std::set<std::string> seen;
    check(*program, seen, program->name, program->source);
    if (!program->log.empty()) {
        return NVRTC_COMPILATION;
    }
    program->cubin = real ? "emulated cubin " + std::to_string(architecture) : "";
    program->ptx = "emulated ptx " + std::to_string(architecture);
    return NVRTC_SUCCESS;
}

int nvrtcGetCUBINSize(Program* program, size_t* size) {
    if (program->cubin.empty()) {
        *size = 0;
        return NVRTC_SUCCESS;
    }
    return sizeOut(program->cubin, size);
}
int nvrtcGetCUBIN(Program* program, char* image) { return copyOut(program->cubin, image); }
int nvrtcGetPTXSize(Program* program, size_t* size) { return sizeOut(program->ptx, size); }
int nvrtcGetPTX(Program* program, char* image) { return copyOut(program->ptx, image); }
int nvrtcGetProgramLogSize(Program* program, size_t* size) { return sizeOut(program->log, size); }
int nvrtcGetProgramLog(Program* program, char* log) { return copyOut(program->log, log); }

const char* nvrtcGetErrorString(int status) {
    switch (status) {
        case NVRTC_SUCCESS:
            return "NVRTC_SUCCESS";
        case NVRTC_INVALID_INPUT:
            return "NVRTC_ERROR_INVALID_INPUT";
        case NVRTC_INVALID_PROGRAM:
            return "NVRTC_ERROR_INVALID_PROGRAM";
        case NVRTC_INVALID_OPTION:
            return "NVRTC_ERROR_INVALID_OPTION";
        case NVRTC_COMPILATION:
            return "NVRTC_ERROR_COMPILATION";
        default:
            return "NVRTC_ERROR unknown";
    }
}

}  // extern "C"
